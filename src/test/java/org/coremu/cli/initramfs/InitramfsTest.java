package org.coremu.cli.initramfs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.compress.archivers.cpio.CpioArchiveEntry;
import org.apache.commons.compress.archivers.cpio.CpioArchiveInputStream;
import org.junit.jupiter.api.Test;

class InitramfsTest {
  private static final byte[] BUSYBOX =
      "\177ELF code [ more\0junk\0[\0[[\0ash\0cat\0sh\0zcat\0\0rest"
          .getBytes(StandardCharsets.ISO_8859_1);

  private record Entry(long mode, String content, long major, long minor) {}

  @Test
  void holdsWhatTheKernelNeedsToStartInit() throws IOException {
    Map<String, Entry> files = read(Initramfs.base(BUSYBOX));
    assertThat(files.get("init").mode()).isEqualTo(0100755);
    assertThat(files.get("init").content()).startsWith("#!/bin/sh\n");
    assertThat(files.get("dev/console")).isEqualTo(new Entry(0020600, "", 5, 1));
    assertThat(files.get("bin/busybox").content().getBytes(StandardCharsets.ISO_8859_1))
        .isEqualTo(BUSYBOX);
    assertThat(files.get("bin/sh")).isEqualTo(new Entry(0120777, "busybox", 0, 0));
    assertThat(files).containsKeys("bin/[", "bin/[[", "bin/zcat", "proc", "sys", "dev", "root");
  }

  @Test
  void parentsComeBeforeWhatTheyHold() throws IOException {
    List<String> names = List.copyOf(read(Initramfs.base(BUSYBOX)).keySet());
    for (String name : names) {
      int slash = name.lastIndexOf('/');
      if (slash > 0) {
        assertThat(names.indexOf(name.substring(0, slash)))
            .as(name)
            .isBetween(0, names.indexOf(name) - 1);
      }
    }
  }

  @Test
  void anUnknownBusyboxMakesItsLinksItself() throws IOException {
    Map<String, Entry> files = read(Initramfs.base("no table".getBytes(StandardCharsets.US_ASCII)));
    assertThat(files.get("init").content()).contains("/bin/busybox --install -s /bin\nexport PATH");
    assertThat(files).containsKey("bin/sh");
  }

  @Test
  void theOverlayCarriesTheCommandAsItIs() throws IOException {
    Map<String, Entry> files =
        read(Initramfs.overlay("n1", Optional.of("echo 'ä' \"$x\"; exit 3"), true, ""));
    assertThat(files.get("coremu/exec").content()).isEqualTo("echo 'ä' \"$x\"; exit 3\n");
    assertThat(files.get("coremu/nonce").content()).isEqualTo("n1\n");
    assertThat(files).containsKey("coremu/log").doesNotContainKey("coremu/tty");
  }

  @Test
  void equalContentsGiveEqualArchives() {
    assertThat(Initramfs.base(BUSYBOX)).isEqualTo(Initramfs.base(BUSYBOX.clone()));
  }

  @Test
  void readsTheAppletsOfTheHostsBusybox() throws Exception {
    Path busybox = Path.of("/usr/bin/busybox");
    assumeTrue(Files.isExecutable(busybox));
    Process list = new ProcessBuilder(busybox.toString(), "--list").start();
    List<String> expected =
        new String(list.getInputStream().readAllBytes(), StandardCharsets.US_ASCII)
            .lines()
            .toList();
    assertThat(BusyboxApplets.of(Files.readAllBytes(busybox))).isEqualTo(expected);
  }

  /** Commons Compress is the oracle for our writer. */
  private static Map<String, Entry> read(byte[] archive) throws IOException {
    Map<String, Entry> files = new LinkedHashMap<>();
    try (CpioArchiveInputStream in =
        new CpioArchiveInputStream(new ByteArrayInputStream(archive))) {
      for (CpioArchiveEntry e = in.getNextEntry(); e != null; e = in.getNextEntry()) {
        boolean binary = e.getName().equals("bin/busybox");
        String content =
            new String(
                in.readAllBytes(), binary ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        files.put(
            e.getName(),
            new Entry(e.getMode(), content, e.getRemoteDeviceMaj(), e.getRemoteDeviceMin()));
      }
    }
    return files;
  }
}
