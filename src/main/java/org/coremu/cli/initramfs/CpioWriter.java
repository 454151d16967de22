package org.coremu.cli.initramfs;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Writes a cpio archive in the "newc" format, the one Linux unpacks as an initramfs (Linux:
 * Documentation/driver-api/early-userspace/buffer-format.rst). Owner and group are root, times are
 * 0, so equal contents give equal archives. Paths are relative; parents must be added before what
 * they hold.
 */
public final class CpioWriter {
  private static final int ALIGNMENT = 4;
  private static final int FILE_TYPE = 0170000;
  private static final int DIRECTORY = 0040000;
  private static final int REGULAR = 0100000;
  private static final int SYMLINK = 0120000;
  private static final int CHARACTER_DEVICE = 0020000;
  private static final String MAGIC = "070701";

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private int nextInode = 1;

  /** Adds a directory with mode 0755. */
  public CpioWriter directory(String path) {
    entry(path, DIRECTORY | 0755, new byte[0], 0, 0);
    return this;
  }

  /**
   * Adds a file.
   *
   * @param permissions the low nine mode bits
   */
  public CpioWriter file(String path, int permissions, byte[] content) {
    entry(path, REGULAR | permissions, content, 0, 0);
    return this;
  }

  /** Adds a text file in UTF-8 with mode 0644. */
  public CpioWriter text(String path, String content) {
    return file(path, 0644, content.getBytes(StandardCharsets.UTF_8));
  }

  /** Adds a symbolic link. */
  public CpioWriter symlink(String path, String target) {
    entry(path, SYMLINK | 0777, target.getBytes(StandardCharsets.UTF_8), 0, 0);
    return this;
  }

  /** Adds a character device with mode 0600. */
  public CpioWriter characterDevice(String path, int major, int minor) {
    entry(path, CHARACTER_DEVICE | 0600, new byte[0], major, minor);
    return this;
  }

  /**
   * Ends the archive and gives its bytes; archives written one after the other can be concatenated.
   */
  public byte[] finish() {
    nextInode = 0;
    entry("TRAILER!!!", 0, new byte[0], 0, 0);
    return out.toByteArray();
  }

  private void entry(String path, int mode, byte[] content, int major, int minor) {
    byte[] name = path.getBytes(StandardCharsets.UTF_8);
    int inode = nextInode++;
    int links = (mode & FILE_TYPE) == DIRECTORY ? 2 : 1;
    HexFormat hex = HexFormat.of().withUpperCase();
    StringBuilder header = new StringBuilder(MAGIC);
    int[] fields = {
      inode, mode, 0, 0, links, 0, content.length, 0, 0, major, minor, name.length + 1, 0,
    };
    for (int field : fields) {
      header.append(hex.toHexDigits(field));
    }
    out.writeBytes(header.toString().getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(name);
    out.write(0);
    align();
    out.writeBytes(content);
    align();
  }

  private void align() {
    while (out.size() % ALIGNMENT != 0) {
      out.write(0);
    }
  }
}
