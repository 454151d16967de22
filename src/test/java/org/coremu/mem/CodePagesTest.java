package org.coremu.mem;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may write a page unseen, and when a page is code. */
class CodePagesTest {
  private static final long PAGE = 5;

  private final CodePages pages = new CodePages(1L << 30);

  @Test
  void aPageWithCodeHasNoWriters() {
    pages.markCode(PAGE);
    assertThat(pages.isCode(PAGE)).isTrue();
    assertThat(pages.becomeWriter(PAGE, 0)).isFalse();
    assertThat(pages.isCode(PAGE + 1)).isFalse();
    assertThat(pages.becomeWriter(PAGE + 1, 0)).isTrue();
  }

  @Test
  void whoMarksAPageLearnsItsWriters() {
    assertThat(CodePages.writers(pages.markCode(1))).isEqualTo(CodePages.NOBODY);
    pages.becomeWriter(2, 7);
    pages.becomeWriter(2, 7);
    assertThat(CodePages.writers(pages.markCode(2))).isEqualTo(8);
    pages.becomeWriter(3, 7);
    pages.becomeWriter(3, 0);
    assertThat(CodePages.writers(pages.markCode(3))).isEqualTo(CodePages.SEVERAL);
    pages.becomeWriter(4, 65533);
    assertThat(CodePages.writers(pages.markCode(4))).isEqualTo(65534);
  }

  @Test
  void writersAreNamedUntilTheyHaveBeenTold() {
    pages.becomeWriter(PAGE, 3);
    int mark = pages.markCode(PAGE);
    assertThat(CodePages.writers(pages.markCode(PAGE)))
        .as("others must not rely on the first")
        .isEqualTo(4);
    pages.writersTold(PAGE, mark);
    assertThat(CodePages.writers(pages.markCode(PAGE))).isEqualTo(CodePages.NOBODY);
    assertThat(pages.isCode(PAGE)).isTrue();
  }

  @Test
  void toHaveToldTheWritersOfAnEarlierTimeIsNotEnough() {
    pages.becomeWriter(PAGE, 3);
    int mark = pages.markCode(PAGE);
    pages.clearCode(PAGE, pages.stamp(PAGE));
    assertThat(pages.becomeWriter(PAGE, 3)).isTrue();
    pages.markCode(PAGE);
    pages.writersTold(PAGE, mark);
    assertThat(CodePages.writers(pages.markCode(PAGE))).isEqualTo(4);
  }

  @Test
  void aPageIsClearedUnlessATranslationWasConfirmedInTheMeantime() {
    pages.markCode(PAGE);
    int stamp = pages.stamp(PAGE);
    assertThat(pages.confirmCode(PAGE)).isTrue();
    pages.clearCode(PAGE, stamp);
    assertThat(pages.isCode(PAGE)).isTrue();
    pages.clearCode(PAGE, pages.stamp(PAGE));
    assertThat(pages.isCode(PAGE)).isFalse();
    assertThat(pages.confirmCode(PAGE)).as("a translation that comes too late").isFalse();
  }

  @Test
  void anOldStampClearsNoNewCode() {
    pages.markCode(PAGE);
    int stamp = pages.stamp(PAGE);
    pages.clearCode(PAGE, stamp);
    pages.markCode(PAGE);
    pages.clearCode(PAGE, stamp);
    assertThat(pages.isCode(PAGE)).isTrue();
  }

  @Test
  void versionsMayOverflow() {
    pages.becomeWriter(PAGE, 3);
    for (int i = 0; i < 100_000; i++) {
      pages.markCode(PAGE);
      assertThat(pages.confirmCode(PAGE)).isTrue();
      pages.clearCode(PAGE, pages.stamp(PAGE));
    }
    assertThat(CodePages.writers(pages.markCode(PAGE))).isEqualTo(4);
    assertThat(pages.isCode(PAGE)).isTrue();
  }

  @Test
  void writesToCodeAreToldAndOthersNot() {
    List<Long> told = new ArrayList<>();
    pages.setListener((offset, length) -> told.add(offset << 8 | length));
    pages.markCode(PAGE);
    pages.written(PAGE << 12 | 0x123, 4);
    pages.written(PAGE + 1 << 12, 8);
    assertThat(told).containsExactly((PAGE << 12 | 0x123) << 8 | 4);
  }

  @Test
  void pagesFarApartAreIndependent() {
    long last = (1L << 30 - 12) - 1;
    pages.markCode(last);
    assertThat(pages.isCode(last)).isTrue();
    assertThat(pages.isCode(0)).isFalse();
    assertThat(pages.isCode(last - (1 << 15))).isFalse();
  }
}
