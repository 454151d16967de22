package org.coremu.cli.initramfs;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/**
 * The initial RAM disk of {@code coremu boot}, in two archives that are concatenated: the base
 * (busybox, its applets, the init script), which is the same for every boot, and a small one for
 * this boot. Neither is compressed: unpacking would be work for the guest.
 */
public final class Initramfs {
  private static final List<String> DIRECTORIES =
      List.of("bin", "dev", "etc", "proc", "root", "sys", "tmp", "var");

  private Initramfs() {}

  /**
   * Makes the archive that all boots share.
   *
   * @param busybox a statically linked busybox for the guest
   */
  public static byte[] base(byte[] busybox) {
    CpioWriter cpio = new CpioWriter();
    DIRECTORIES.forEach(cpio::directory);
    cpio.symlink("sbin", "bin").symlink("lib", "bin").directory("usr");
    cpio.symlink("usr/bin", "../bin").symlink("usr/sbin", "../bin");
    // The kernel opens these before init has mounted /dev.
    cpio.characterDevice("dev/console", 5, 1).characterDevice("dev/null", 1, 3);
    cpio.text("etc/passwd", "root::0:0:root:/root:/bin/sh\n").text("etc/group", "root:x:0:\n");
    cpio.file("bin/busybox", 0755, busybox);
    List<String> applets = BusyboxApplets.of(busybox);
    for (String applet : applets.isEmpty() ? List.of("sh") : applets) {
      if (!applet.equals("busybox")) {
        cpio.symlink("bin/" + applet, "busybox");
      }
    }
    return cpio.file("init", 0755, init(applets.isEmpty())).finish();
  }

  /**
   * Makes the archive of one boot.
   *
   * @param nonce what marks the messages of init to coremu; unguessable, letters and digits
   * @param command the command to run instead of a shell
   * @param wantLog whether the kernel's log of the command is wanted on the serial line after it
   * @param tty settings of the terminal as shell assignments: TERM, ROWS, COLS
   */
  public static byte[] overlay(
      String nonce, Optional<String> command, boolean wantLog, String tty) {
    CpioWriter cpio = new CpioWriter().directory("coremu");
    cpio.text("coremu/nonce", nonce + "\n");
    command.ifPresent(text -> cpio.text("coremu/exec", text + "\n"));
    if (wantLog) {
      cpio.text("coremu/log", "");
    }
    if (!tty.isEmpty()) {
      cpio.text("coremu/tty", tty);
    }
    return cpio.finish();
  }

  private static byte[] init(boolean installApplets) {
    try (InputStream in = Initramfs.class.getResourceAsStream("init")) {
      byte[] script = in.readAllBytes();
      if (!installApplets) {
        return script;
      }
      String text = new String(script, StandardCharsets.UTF_8);
      String first = "export PATH=/bin";
      return text.replaceFirst(first, "/bin/busybox --install -s /bin\n" + first)
          .getBytes(StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
