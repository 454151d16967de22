package org.coremu.device.platform;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.coremu.hw.PortDevice;
import org.coremu.hw.Saveable;

/**
 * QEMU's firmware configuration device at ports 0x510 (selector, offset 0) and 0x511 (data, offset
 * 1): a read-only store of numbered items, some of which are files listed in a directory, sorted by
 * name.
 *
 * <p>Source: QEMU documentation, "QEMU Firmware Configuration (fw_cfg) Device". Selecting an item
 * rewinds it; each byte read from the data port is the item's next; past its end, and for items
 * that do not exist, zeros.
 *
 * <p>Not modelled, and not advertised in the feature word: the DMA interface. Writes to items,
 * which current QEMU ignores on these ports, are ignored.
 */
public final class FwCfg implements PortDevice, Saveable<FwCfg.State> {
  /** How many ports the device takes. */
  public static final int PORTS = 2;

  /** Item: bytes of RAM, 64 bits. */
  public static final int RAM_SIZE = 0x03;

  /** Item: 1 if the machine has no display, 16 bits. */
  public static final int NO_GRAPHIC = 0x04;

  /** Item: cores present at power-on, 16 bits. */
  public static final int CPU_COUNT = 0x05;

  /** Item: NUMA nodes and their sizes, 64-bit words; a single 0 for none. */
  public static final int NUMA = 0x0d;

  /** Item: 1 if the firmware shall offer a boot menu, 16 bits. */
  public static final int BOOT_MENU = 0x0e;

  /** Item: the most cores the machine can have, or one more than the highest APIC id, 16 bits. */
  public static final int MAX_CPU_COUNT = 0x0f;

  private static final int SELECTOR = 0;
  private static final int DATA = 1;

  private static final int SIGNATURE = 0x00;
  private static final int FEATURES = 0x01;
  private static final int DIRECTORY = 0x19;
  private static final int FIRST_FILE = 0x20;
  private static final int LAST_FILE = 0x3fff;

  private static final int FEATURE_TRADITIONAL = 1;
  private static final int NAME_BYTES = 56;
  private static final int DIRECTORY_ENTRY_BYTES = 64;
  private static final byte[] EMPTY = {};

  private final Map<Integer, byte[]> items;
  private int selector;
  private int position;

  /**
   * The device's registers; its contents are part of the machine's description, not of its state.
   *
   * @param selector the item selected
   * @param position bytes of it read
   */
  public record State(int selector, int position) {}

  private FwCfg(Map<Integer, byte[]> items) {
    this.items = items;
  }

  /** Starts a description of the contents. */
  public static Builder builder() {
    return new Builder();
  }

  @Override
  public synchronized int read(int offset, int size) {
    if (offset != DATA) {
      return 0;
    }
    byte[] item = items.getOrDefault(selector, EMPTY);
    return position < item.length ? item[position++] & 0xff : 0;
  }

  /** The selector is written as a 16-bit word; anything else has no effect. */
  @Override
  public synchronized void write(int offset, int value, int size) {
    if (offset == SELECTOR && size >= 2) {
      selector = value & 0xffff;
      position = 0;
    }
  }

  @Override
  public synchronized State save() {
    return new State(selector, position);
  }

  @Override
  public synchronized void restore(State state) {
    selector = state.selector;
    position = state.position;
  }

  /** The contents of a device yet to be made. Adding an item or file again replaces it. */
  public static final class Builder {
    private final Map<Integer, byte[]> items = new HashMap<>();
    private final SortedMap<String, byte[]> files = new TreeMap<>();

    private Builder() {
      items.put(SIGNATURE, "QEMU".getBytes(StandardCharsets.US_ASCII));
      int32(FEATURES, FEATURE_TRADITIONAL);
    }

    /** Adds a numbered item. */
    public Builder item(int key, byte[] contents) {
      items.put(key, contents.clone());
      return this;
    }

    /** Adds a numbered item of 16 bits. */
    public Builder int16(int key, int value) {
      return item(key, littleEndian(2).putShort((short) value).array());
    }

    /** Adds a numbered item of 32 bits. */
    public Builder int32(int key, int value) {
      return item(key, littleEndian(4).putInt(value).array());
    }

    /** Adds a numbered item of 64 bits. */
    public Builder int64(int key, long value) {
      return item(key, littleEndian(8).putLong(value).array());
    }

    /**
     * Adds a file.
     *
     * @param name for example {@code etc/e820} or {@code opt/org.example/key}; at most 55 ASCII
     *     characters
     * @throws IllegalArgumentException if the name is too long
     */
    public Builder file(String name, byte[] contents) {
      if (name.isEmpty() || name.length() >= NAME_BYTES) {
        throw new IllegalArgumentException(
            "firmware configuration file name too long or empty: " + name);
      }
      files.put(name, contents.clone());
      return this;
    }

    /** Adds a file of one 64-bit number, as firmware reads its settings. */
    public Builder file(String name, long value) {
      return file(name, littleEndian(8).putLong(value).array());
    }

    /**
     * Adds a range to {@code etc/e820}, the map of RAM (type 1) and reserved (type 2) addresses.
     *
     * @param start guest-physical address
     * @param length bytes
     * @param type the BIOS E820 type
     */
    public Builder e820(long start, long length, int type) {
      byte[] before = files.getOrDefault("etc/e820", EMPTY);
      ByteBuffer map = littleEndian(before.length + 20);
      map.put(before).putLong(start).putLong(length).putInt(type);
      return file("etc/e820", map.array());
    }

    /** Makes the device. */
    public FwCfg build() {
      if (files.size() > LAST_FILE - FIRST_FILE + 1) {
        throw new IllegalArgumentException(
            "too many firmware configuration files: " + files.size());
      }
      Map<Integer, byte[]> all = new HashMap<>(items);
      ByteBuffer directory = ByteBuffer.allocate(4 + files.size() * DIRECTORY_ENTRY_BYTES);
      directory.putInt(files.size());
      int key = FIRST_FILE;
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        byte[] name = new byte[NAME_BYTES];
        byte[] ascii = file.getKey().getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(ascii, 0, name, 0, ascii.length);
        directory
            .putInt(file.getValue().length)
            .putShort((short) key)
            .putShort((short) 0)
            .put(name);
        all.put(key++, file.getValue());
      }
      all.put(DIRECTORY, directory.array());
      return new FwCfg(Map.copyOf(all));
    }

    private static ByteBuffer littleEndian(int size) {
      return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
  }
}
