package org.coremu.device.irq;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class VectorSetTest {
  private final VectorSet set = new VectorSet();

  @Test
  void highestOfEveryPair() {
    assertThat(set.highest()).isEqualTo(-1);
    for (int low = 0; low < 256; low += 5) {
      for (int high = low + 1; high < 256; high += 7) {
        assertThat(set.add(low)).isTrue();
        assertThat(set.add(high)).isTrue();
        assertThat(set.highest()).isEqualTo(high);
        assertThat(set.remove(high)).isTrue();
        assertThat(set.highest()).isEqualTo(low);
        assertThat(set.remove(low)).isTrue();
      }
    }
    assertThat(set.highest()).isEqualTo(-1);
  }

  @Test
  void tellsWhetherSomethingChanged() {
    assertThat(set.add(200)).isTrue();
    assertThat(set.add(200)).isFalse();
    assertThat(set.contains(200)).isTrue();
    assertThat(set.contains(136)).isFalse();
    assertThat(set.remove(200)).isTrue();
    assertThat(set.remove(200)).isFalse();
  }

  @Test
  void registersShow32VectorsEach() {
    set.add(0x20);
    set.add(0x5f);
    set.add(0xff);
    assertThat(set.register(0)).isZero();
    assertThat(set.register(1)).isEqualTo(1);
    assertThat(set.register(2)).isEqualTo(0x8000_0000);
    assertThat(set.register(3)).isZero();
    assertThat(set.register(7)).isEqualTo(0x8000_0000);
  }

  @Test
  void concurrentAddsLoseNothing() throws InterruptedException {
    Thread[] threads = new Thread[4];
    for (int t = 0; t < threads.length; t++) {
      int first = t;
      threads[t] =
          new Thread(
              () -> {
                for (int vector = first; vector < 256; vector += 4) {
                  set.add(vector);
                }
              });
      threads[t].start();
    }
    for (Thread thread : threads) {
      thread.join();
    }
    assertThat(set.save()).containsOnly(-1L);
  }
}
