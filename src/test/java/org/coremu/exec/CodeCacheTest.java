package org.coremu.exec;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import org.coremu.mem.CodePages;
import org.coremu.mem.Ram;
import org.junit.jupiter.api.Test;

/** The cache's capacity and its watch over pages. */
class CodeCacheTest {
  private static final int CODE_WORDS = 20;

  private static CodeBlock block(long ramOffset) {
    return new CodeBlock(
        ramOffset,
        -1,
        0,
        new byte[4],
        new long[CODE_WORDS],
        new short[CODE_WORDS],
        new int[1],
        CodeBlock.NO_JUMP,
        CodeBlock.NO_JUMP);
  }

  @Test
  void dropsEverythingWhenItIsFullAndGoesOn() {
    try (Arena arena = Arena.ofShared()) {
      Ram ram = new Ram(arena, 1 << 20);
      CodePages pages = new CodePages(ram.size());
      CodeCache cache = new CodeCache(ram, pages, 10 * (CODE_WORDS + 32));
      CodeBlock first = block(0);
      pages.markCode(0);
      cache.add(first);
      for (int i = 1; i < 25; i++) {
        cache.makeRoom();
        pages.markCode(i);
        cache.add(block(i * 4096L));
      }
      assertThat(cache.evictions()).isEqualTo(2);
      assertThat(first.dead).isTrue();
      assertThat(cache.live(0)).isEmpty();
      assertThat(pages.isCode(0)).isFalse();
      assertThat(cache.live(24)).hasSize(1);
      assertThat(pages.isCode(24)).isTrue();
    }
  }

  @Test
  void stopsWatchingAPageWhenItsLastBlockDies() {
    try (Arena arena = Arena.ofShared()) {
      Ram ram = new Ram(arena, 1 << 20);
      CodePages pages = new CodePages(ram.size());
      CodeCache cache = new CodeCache(ram, pages, Long.MAX_VALUE);
      pages.markCode(1);
      cache.add(block(4096));
      cache.add(block(4096 + 64));
      pages.written(4096 + 2, 1);
      assertThat(cache.live(1)).hasSize(1);
      assertThat(pages.isCode(1)).isTrue();
      pages.written(4096 + 60, 8);
      assertThat(pages.isCode(1)).isFalse();
      assertThat(cache.invalidated()).isEqualTo(2);
    }
  }
}
