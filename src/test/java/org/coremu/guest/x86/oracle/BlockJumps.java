package org.coremu.guest.x86.oracle;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.coremu.guest.x86.oracle.BlockProgram.Fix;
import org.coremu.guest.x86.oracle.BlockProgram.Item;

/**
 * Code of a {@link BlockProgram} that depends on where its blocks are: jumps between them, stores
 * into them. Also what sets up registers for other instructions.
 */
final class BlockJumps {
  private static final int TABLE = 4;
  private static final int NT = 0x4000;

  private final SplittableRandom random;
  private final int mode;
  private final int blocks;
  private final List<Item> tables = new ArrayList<>();
  private int tableCount;

  BlockJumps(SplittableRandom random, int mode, int blocks) {
    this.random = random;
    this.mode = mode;
    this.blocks = blocks;
  }

  /** The tables of the jumps so far; they follow the code. */
  List<Item> tables() {
    return tables;
  }

  private static byte[] hex(String text) {
    return HexFormat.of().parseHex(text.replace(" ", ""));
  }

  /** An item by mode: its bytes as text, in which "__" are the bytes of one field. */
  private Item item(String in64, String in32, String in16, Fix fix, long target, int addend) {
    String text = (mode == 64 ? in64 : mode == 32 ? in32 : in16).replace(" ", "");
    int at = text.indexOf('_') / 2;
    int width = (int) text.chars().filter(c -> c == '_').count() / 2;
    return new Item(hex(text.replace('_', '0')), fix, at, width, target, addend);
  }

  private int target() {
    return random.nextInt(blocks);
  }

  private Item relative(String opcode, int to) {
    String wide = opcode + "________";
    return item(wide, wide, opcode + "____", Fix.RELATIVE, to, 0);
  }

  /** What ends a block; it may also just go on. */
  List<Item> end() {
    int to = target();
    return switch (random.nextInt(16)) {
      case 0 -> List.of();
      case 1 -> List.of(relative("E9", to));
      case 2 -> List.of(relative("E8", to));
      case 3 -> List.of(Item.of((byte) 0xC3));
      case 4 -> List.of(indirect(to), Item.of(hex("FFE0")));
      case 5 -> List.of(indirect(to), Item.of(hex("FFD0")));
      case 6 -> List.of(item("68________C3", "68________C3", "68____C3", Fix.ABSOLUTE, to, 0));
      case 7 -> tableJump();
      case 8, 9 -> counted(to);
      default -> List.of(relative("0F%02X".formatted(0x80 + random.nextInt(16)), to));
    };
  }

  /** Loads rAX with a block's address. */
  private Item indirect(int to) {
    if (mode == 64 && random.nextBoolean()) {
      return item("488D05________", "", "", Fix.RELATIVE, to, 0);
    }
    return item("48B8________________", "B8________", "B8____", Fix.ABSOLUTE, to, 0);
  }

  /** Decrements rCX and jumps unless it is 0. */
  private List<Item> counted(int to) {
    Item load = Item.of(hex(mode == 16 ? "B9 05 00" : "B9 05 00 00 00"));
    Item count = Item.of(hex(mode == 64 ? "FFC9" : "49"));
    Item jump = relative("0F85", to);
    return random.nextInt(4) == 0 ? List.of(load, count, jump) : List.of(count, jump);
  }

  /** Jumps to one of several blocks, by the low bits of rAX. */
  private List<Item> tableJump() {
    int label = blocks + tableCount++;
    tables.add(Item.label(label));
    for (int i = 0; i < TABLE; i++) {
      tables.add(item("________________", "________", "____", Fix.ABSOLUTE, target(), 0));
    }
    List<Item> code = new ArrayList<>();
    code.add(Item.of(hex("83E003")));
    if (mode == 64) {
      code.add(item("488D0D________", "", "", Fix.RELATIVE, label, 0));
      code.add(Item.of(hex("FF24C1")));
    } else if (mode == 32) {
      code.add(item("", "FF2485________", "", Fix.ABSOLUTE, label, 0));
    } else {
      code.add(Item.of(hex("89C3 01DB")));
      code.add(item("", "", "FFA7____", Fix.ABSOLUTE, label, 0));
    }
    return code;
  }

  // ---- stores into code

  /** Stores that put bytes at a distance from the start of a block. */
  List<Item> store(byte[] bytes, int block, int delta) {
    List<Item> stores = new ArrayList<>();
    for (int at = 0; at < bytes.length; ) {
      int left = bytes.length - at;
      int width = left >= 4 ? 4 : left >= 2 ? 2 : 1;
      byte[] part = new byte[width];
      System.arraycopy(bytes, at, part, 0, width);
      stores.add(store(part, HexFormat.of().formatHex(part), block, delta + at));
      at += width;
    }
    return stores;
  }

  private Item store(byte[] part, String value, int block, int addend) {
    String opcode = part.length == 1 ? "C6" : "C7";
    boolean prefix = part.length == 2 && mode != 16 || part.length == 4 && mode == 16;
    String head = (prefix ? "66" : "") + opcode;
    return item(
        head + "05________" + value,
        head + "05________" + value,
        head + "06____" + value,
        mode == 64 ? Fix.RELATIVE : Fix.ABSOLUTE,
        block,
        addend);
  }

  /** A store of any kind to anywhere in a block. */
  Item storeAnything(long value) {
    int addend = random.nextInt(40);
    String address = mode == 16 ? "06____" : "05________";
    String bytes =
        switch (random.nextInt(8)) {
          case 0 -> "88" + address; // mov [m], al
          case 1 -> "89" + address; // mov [m], eax
          case 2 -> "F087" + address; // lock xchg [m], eax
          case 3 -> "F00FC1" + address; // lock xadd [m], eax
          case 4 -> "0F11" + address; // movups [m], xmm0
          case 5 -> "D93D".substring(0, 2) + (mode == 16 ? "3E____" : "3D________"); // fnstcw [m]
          case 6 -> "80" + (mode == 16 ? "36____" : "35________") + "%02x".formatted((byte) value);
          default -> "C6" + address + "90";
        };
    return item(bytes, bytes, bytes, mode == 64 ? Fix.RELATIVE : Fix.ABSOLUTE, target(), addend);
  }

  // ---- setting up

  /** Loads a general register: rCX with a small count, or any but the pointers with anything. */
  Item loadRegister(boolean count, long value) {
    byte[] bytes = new byte[mode == 64 ? 10 : mode == 32 ? 5 : 3];
    int register = count ? 1 : random.nextInt(mode == 64 ? 16 : 3);
    register = register == 4 ? 0 : register;
    long number = count ? random.nextInt(64) : value;
    int at = 0;
    if (mode == 64) {
      bytes[at++] = (byte) (0x48 | register >> 3);
    }
    bytes[at++] = (byte) (0xB8 | register & 7);
    for (int shift = 0; at < bytes.length; shift += 8) {
      bytes[at++] = (byte) (number >> shift);
    }
    return Item.of(bytes);
  }

  /** Loads MXCSR, by way of the stack. */
  Item setMxcsr(int value) {
    return loadControl("0FAE1424", value);
  }

  /**
   * Loads a control register with an instruction of 32-bit code whose operand is the stack's top.
   */
  private Item loadControl(String load, int value) {
    byte[] bytes =
        hex(
            mode == 64
                ? "6800000000" + load + "488D642408"
                : mode == 32
                    ? "6800000000" + load + "8D642404"
                    : "666800000000 67" + load + "83C404");
    GuestState.INT.set(bytes, mode == 16 ? 2 : 1, value);
    return Item.of(bytes);
  }

  /** Reads MXCSR, by way of the stack. */
  Item readMxcsr() {
    return Item.of(hex(mode == 16 ? "6650 670FAE1C24 6658" : "50 0FAE1C24 58"));
  }

  /** Loads the x87 control word, by way of the stack. */
  Item setControlWord(int value) {
    return loadControl("D92C24", value);
  }

  /** Loads RFLAGS, by way of the stack: with AC accesses must be aligned. */
  Item setFlags(long value) {
    byte[] bytes = hex(mode == 16 ? "666800000000 669D" : "6800000000 9D");
    int flags = (int) value & ~Flags.TF & ~NT | (random.nextBoolean() ? Flags.AC : 0);
    GuestState.INT.set(bytes, mode == 16 ? 2 : 1, flags);
    return Item.of(bytes);
  }

  /** CPL 0: watches an address in the data window, or none. */
  List<Item> watch() {
    byte[] address = hex("48B80000000000000000 0F23C0"); // mov rax, imm64; mov dr0, rax
    GuestState.LONG.set(address, 2, TestCase.DATA_BASE + 8 * random.nextInt(8192));
    int control = random.nextBoolean() ? 0 : 2 | (random.nextBoolean() ? 1 : 3) << 16;
    byte[] enable = hex("B800000000 0F23F8"); // mov eax, imm32; mov dr7, rax
    GuestState.INT.set(enable, 1, control | random.nextInt(4) << 18);
    return List.of(Item.of(address), Item.of(enable));
  }

  /** Exchanges two pages of data. */
  Item exchangePages() {
    byte[] bytes = hex("B000 B200 0000");
    bytes[1] = (byte) random.nextInt(16);
    bytes[3] = (byte) random.nextInt(32);
    System.arraycopy(BlockMachine.EXCHANGE, 0, bytes, 4, 2);
    return Item.of(bytes);
  }

  /** CPL 0: flushes the TLB, or one page of it. */
  Item flush() {
    return switch (random.nextInt(3)) {
      case 0 -> Item.of(hex("0F20D8 0F22D8")); // mov rax, cr3; mov cr3, rax
      case 1 -> item("0F013D________", "", "", Fix.RELATIVE, target(), 0); // invlpg
      default -> Item.of(hex("0F20E0 0F22E0")); // mov rax, cr4; mov cr4, rax
    };
  }
}
