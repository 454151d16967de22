package org.coremu.machine.boot;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.coremu.machine.ConfigException;

/**
 * The bytes of a kernel, RAM disk or ROM: a host file or an array. Nothing stays open between
 * calls, so an image can be loaded again when the machine is reset. Every read is checked against
 * the size found at the start; a file that cannot be read, or has shrunk since, is a {@link
 * ConfigException}.
 */
public final class ImageFile {
  private static final int CHUNK = 1 << 20;

  private final String name;
  private final String role;
  private final Path path; // null when the bytes are in memory
  private final byte[] bytes; // null when they are in a file
  private final long size;

  private ImageFile(String name, String role, Path path, byte[] bytes, long size) {
    this.name = name;
    this.role = role;
    this.path = path;
    this.bytes = bytes;
    this.size = size;
  }

  /**
   * Looks at a host file.
   *
   * @param path where it is
   * @param role what it is to the user, for messages: {@code "kernel"}, {@code "initrd"}
   * @throws ConfigException when it is not a readable, regular file with something in it
   */
  public static ImageFile open(Path path, String role) {
    try {
      if (Files.isDirectory(path)) {
        throw new ConfigException("%s '%s' is a directory".formatted(role, path));
      }
      if (Files.exists(path) && !Files.isRegularFile(path)) {
        throw new ConfigException("%s '%s' is not a regular file".formatted(role, path));
      }
      try (SeekableByteChannel channel = Files.newByteChannel(path)) {
        if (channel.size() == 0) {
          throw new ConfigException("%s '%s' is empty".formatted(role, path));
        }
        return new ImageFile(path.toString(), role, path, null, channel.size());
      }
    } catch (IOException e) {
      throw unreadable(role, path.toString(), e);
    }
  }

  /**
   * Looks at a host file given by name.
   *
   * @param name path as the user wrote it
   * @param role what it is to the user, for messages
   * @throws ConfigException when it is not a readable, regular file with something in it
   */
  public static ImageFile open(String name, String role) {
    if (name.isEmpty()) {
      throw new ConfigException("empty file name for " + role);
    }
    try {
      return open(Path.of(name), role);
    } catch (InvalidPathException e) {
      throw new ConfigException(
          "%s '%s' is not a file name".formatted(role, name.replace('\0', ' ')), e);
    }
  }

  /**
   * Wraps bytes in memory.
   *
   * @param name what to call them in messages
   * @param role what they are to the user
   * @param bytes the contents; not copied, must not change
   */
  public static ImageFile of(String name, String role, byte[] bytes) {
    return new ImageFile(name, role, null, bytes, bytes.length);
  }

  /** The file's name as the user gave it. */
  public String name() {
    return name;
  }

  /** Size in bytes. */
  public long size() {
    return size;
  }

  /** Role and name, as messages begin: {@code kernel 'vmlinuz'}. */
  public String label() {
    return "%s '%s'".formatted(role, name);
  }

  /**
   * Reads a part that is there in full.
   *
   * @param offset first byte
   * @param length how many bytes
   * @param what what they are, for the message
   * @throws ConfigException when the file ends before
   */
  public byte[] read(long offset, int length, String what) {
    requireRange(offset, length, what);
    byte[] result = new byte[length];
    stream(
        offset,
        length,
        (to, data, from, count) -> System.arraycopy(data, from, result, (int) to, count),
        0);
    return result;
  }

  /**
   * Reads the beginning.
   *
   * @param max how many bytes at most
   * @return fewer when the file is shorter
   */
  public byte[] head(int max) {
    return read(0, (int) Math.min(max, size), "its beginning");
  }

  /**
   * Streams a part into guest RAM in chunks.
   *
   * @param offset first byte in the file
   * @param length how many bytes
   * @param what what they are, for the message
   * @param memory the guest's RAM
   * @param address guest-physical address of the first byte
   * @throws ConfigException when the file ends before
   */
  public void copyTo(long offset, long length, String what, GuestImageWriter memory, long address) {
    requireRange(offset, length, what);
    stream(offset, length, memory, address);
  }

  /**
   * Checks that a part lies inside the file.
   *
   * @throws ConfigException when it does not: the file is truncated, or its header is nonsense
   */
  public void requireRange(long offset, long length, String what) {
    if (offset < 0 || length < 0 || length > size || offset > size - length) {
      throw new ConfigException(
          "%s is truncated or damaged: %s needs bytes %s to %s, the file has %d"
              .formatted(
                  label(),
                  what,
                  Long.toUnsignedString(offset),
                  Long.toUnsignedString(offset + length),
                  size));
    }
  }

  private void stream(long offset, long length, GuestImageWriter sink, long address) {
    if (bytes != null) {
      sink.write(address, bytes, (int) offset, (int) length);
      return;
    }
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.min(CHUNK, Math.max(length, 1)));
    try (SeekableByteChannel channel = Files.newByteChannel(path)) {
      channel.position(offset);
      for (long done = 0; done < length; done += buffer.position()) {
        buffer.clear().limit((int) Math.min(buffer.capacity(), length - done));
        while (buffer.hasRemaining()) {
          if (channel.read(buffer) < 0) {
            throw new ConfigException(label() + " became shorter while it was read");
          }
        }
        sink.write(address + done, buffer.array(), 0, buffer.position());
      }
    } catch (IOException e) {
      throw unreadable(role, name, e);
    }
  }

  private static ConfigException unreadable(String role, String name, IOException cause) {
    String reason =
        switch (cause) {
          case NoSuchFileException missing -> "no such file";
          case AccessDeniedException denied -> "permission denied";
          default ->
              Objects.requireNonNullElse(cause.getMessage(), cause.getClass().getSimpleName());
        };
    return new ConfigException("cannot read %s '%s': %s".formatted(role, name, reason), cause);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ImageFile that
        && name.equals(that.name)
        && Objects.equals(path, that.path)
        && Arrays.equals(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, path);
  }

  @Override
  public String toString() {
    return label();
  }
}
