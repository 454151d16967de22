package org.coremu.cli.console;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MarkFilterTest {
  private StringBuilder passed;
  private List<String> marks;
  private MarkFilter filter;

  @BeforeEach
  void start() {
    passed = new StringBuilder();
    marks = new ArrayList<>();
    filter = new MarkFilter("n0nce", b -> passed.append((char) b), marks::add);
  }

  @Test
  void takesMarksOut() {
    send("log@n0nce begin@output@n0nce end 17@log");
    assertThat(passed).hasToString("logoutputlog");
    assertThat(marks).containsExactly("begin", "end 17");
  }

  @Test
  void passesWhatOnlyLooksLikeAMark() {
    send("a@b @n0nc @@n0nceX @n0nce_@ me@home");
    filter.flush();
    assertThat(passed).hasToString("a@b @n0nc @@n0nceX @n0nce_@ me@home");
    assertThat(marks).isEmpty();
  }

  @Test
  void findsAMarkRightAfterHalfOfOne() {
    send("@n0@n0nce begin@");
    assertThat(passed).hasToString("@n0");
    assertThat(marks).containsExactly("begin");
  }

  @Test
  void holdsNothingBackThatCannotBecomeAMark() {
    send("prompt$ ");
    assertThat(passed).hasToString("prompt$ ");
  }

  @Test
  void givesUpOnAMarkWithoutEnd() {
    String text = "@n0nce " + "x".repeat(100);
    send(text);
    filter.flush();
    assertThat(passed).hasToString(text);
    assertThat(marks).isEmpty();
  }

  private void send(String text) {
    text.chars().forEach(filter::accept);
  }
}
