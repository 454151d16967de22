package org.coremu.machine.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.coremu.machine.ConfigException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KernelDetectorTest {
  @TempDir Path directory;

  private static void refused(byte[] bytes, String why) {
    assertThatThrownBy(() -> KernelImage.detect(Images.kernel(bytes)))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("kernel 'kernel.img'")
        .hasMessageContaining(why);
  }

  @Test
  void eachFormatIsKnownByItsContent() {
    assertThat(KernelImage.detect(Images.kernel(Images.bzImage().array())))
        .isInstanceOf(LinuxBzImage.class);
    assertThat(KernelImage.detect(Images.kernel(Images.pvhElf64().array())))
        .isInstanceOf(PvhElf.class);
    assertThat(KernelImage.detect(Images.kernel(Images.multibootElf32(3).array())))
        .isInstanceOf(Multiboot1.class);
    assertThat(KernelImage.detect(Images.kernel(Images.multibootFlat().array())))
        .isInstanceOf(Multiboot1.class);
  }

  @Test
  void whatIsNotAKernelIsNamed() {
    refused("#!/bin/sh\necho no kernel\n".getBytes(StandardCharsets.UTF_8), "is a text file");
    refused("größe\n".repeat(300).getBytes(StandardCharsets.UTF_8), "is a text file");
    refused(magic(0x38, 0x644d_5241), "arm64 Linux Image");
    refused(magic(0x24, 0x016f_2818), "32-bit Arm");
    refused(magic(0x38, 0x0543_5352), "RISC-V");
    refused(magic(0, 0x0008_8b1f), "gzip");
    refused(magic(0, 0x0000_5a4d), "EFI");
    refused(new byte[4096], "is not a kernel");
    refused(new byte[] {0}, "is not a kernel");
  }

  private static byte[] magic(int offset, int value) {
    return ByteBuffer.allocate(4096).order(ByteOrder.LITTLE_ENDIAN).putInt(offset, value).array();
  }

  @Test
  void whatCannotBeReadIsSaid() throws IOException {
    Path empty = Files.createFile(directory.resolve("empty"));
    assertThatThrownBy(() -> KernelImage.detect(empty))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("is empty");
    assertThatThrownBy(() -> KernelImage.detect(directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("is a directory");
    assertThatThrownBy(() -> KernelImage.detect(directory.resolve("gone")))
        .isInstanceOf(ConfigException.class)
        .hasMessageEndingWith("no such file");
  }

  @Test
  void aFileThatShrinksUnderTheLoaderIsSaid() throws IOException {
    Path file = Files.write(directory.resolve("kernel"), Images.bzImage().array());
    KernelImage kernel = KernelImage.detect(file);
    Files.write(file, Images.prefix(Images.bzImage(), 4096));
    GuestRam ram = new GuestRam(64);
    assertThatThrownBy(() -> kernel.load(ram.request(""), ram))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("became shorter");
  }

  /**
   * Whatever the bytes are, the outcome is a start state or one line, and RAM outside the map is
   * never written.
   */
  @Test
  void damagedImagesNeverEscapeTheLoader() {
    GuestRam ram = new GuestRam(24);
    List<ByteBuffer> images =
        List.of(
            Images.bzImage(), Images.pvhElf64(), Images.multibootElf32(3), Images.multibootFlat());
    int[] headerEnds = {0x290, 0x240, 0x1030, 0x180};
    Random random = new Random(20260101);
    int loaded = 0;
    int refused = 0;
    for (int i = 0; i < 8000; i++) {
      int which = i % images.size();
      byte[] bytes = images.get(which).array().clone();
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        bytes[random.nextInt(headerEnds[which])] =
            (byte) (random.nextBoolean() ? 0xff : random.nextInt());
      }
      try {
        CpuEntry entry = KernelImage.detect(Images.kernel(bytes)).load(ram.request("x"), ram);
        assertThat(entry.mode()).isNotEqualTo(CpuEntry.Mode.REAL_RESET);
        loaded++;
      } catch (ConfigException e) {
        assertThat(e.getMessage()).isNotBlank().doesNotContain("\n");
        refused++;
      }
    }
    assertThat(loaded).isGreaterThan(500);
    assertThat(refused).isGreaterThan(500);
  }
}
