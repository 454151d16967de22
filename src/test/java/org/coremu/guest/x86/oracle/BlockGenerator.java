package org.coremu.guest.x86.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Stream;
import org.coremu.guest.x86.oracle.BlockProgram.Item;
import org.coremu.guest.x86.oracle.BlockProgram.Quanta;

/** Generates {@link BlockProgram}s. Equal seeds generate equal programs. */
final class BlockGenerator {
  private static final Rows ROWS_64 = new Rows(IntegerRows.rows());
  private static final Rows ROWS_32 = new Rows(LegacyRows.rows(32));
  private static final Rows ROWS_16 = new Rows(LegacyRows.rows(16));

  private static final int DEFAULT_MXCSR = 0x1F80;
  private static final int DEFAULT_FCW = 0x37F;
  private static final int RARE_ONE_IN = 40;

  /** FNINIT: an empty stack, onto which can be pushed. */
  private static final byte[] INITIALISE = {(byte) 0xDB, (byte) 0xE3};

  private final long seed;

  /* The program under construction. */
  private SplittableRandom random;
  private EdgeValues edges;
  private int mode;
  private boolean kernel;
  private boolean changesCode;
  private Rows all;
  private List<InsnRow> profile;
  private Function<InsnRow, Insn> encoder;
  private BlockJumps jumps;
  private List<Item> items;

  BlockGenerator(long seed) {
    this.seed = seed;
  }

  private boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  /** Program {@code number}, always the same. */
  BlockProgram generate(long number) {
    random = new SplittableRandom(seed * 0x9E3779B97F4A7C15L + number);
    edges = new EdgeValues(random);
    mode = chance(70) ? 64 : chance(60) ? 32 : 16;
    kernel = mode == 64 && chance(15);
    changesCode = chance(30);
    all = mode == 64 ? ROWS_64 : mode == 32 ? ROWS_32 : ROWS_16;
    profile = pick(all.profiles);
    int blocks = 2 + random.nextInt(7);
    List<List<InsnRow>> rows = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      rows.add(rows(chance(8) ? random.nextInt(40, 60) : 1 + random.nextInt(chance(50) ? 8 : 30)));
    }
    List<InsnRow> flat = rows.stream().flatMap(List::stream).toList();
    long[] gpr;
    List<TestCase.Patch> patches;
    if (mode == 64) {
      RegisterPlan plan = new RegisterPlan(random, edges, flat);
      InsnEncoder own = new InsnEncoder(random, edges, plan);
      encoder = own::encode;
      gpr = plan.gpr;
      patches = own.patches();
    } else {
      LegacyEncoder own = new LegacyEncoder(random, mode);
      encoder = own::encode;
      gpr = own.gpr;
      patches = own.patches;
    }
    jumps = new BlockJumps(random, mode, blocks);
    items = new ArrayList<>();
    for (int i = 0; i < blocks; i++) {
      block(i, rows.get(i));
    }
    if (chance(90)) {
      items.add(Item.of(BlockMachine.END));
    }
    items.addAll(jumps.tables());
    long rflags =
        2 | Flags.IF | random.nextInt() & Flags.STATUS | (random.nextInt(4) == 0 ? Flags.DF : 0);
    byte[] fx = new FpuPlan(random, edges, flat).image();
    GuestState.INT.set(fx, GuestState.FX_MXCSR, mxcsr());
    return finish(number, new GuestState(gpr, 0, rflags, fx), List.copyOf(patches), blocks);
  }

  private BlockProgram finish(
      long number, GuestState state, List<TestCase.Patch> patches, int blocks) {
    int bytes = items.stream().mapToInt(item -> item.bytes().length).sum();
    int room = BlockMachine.CODE_BYTES - bytes;
    // Often around the end of a page, sometimes at the very end of the window.
    int offset =
        chance(40) ? 0x1000 - random.nextInt(bytes) : chance(5) ? room : random.nextInt(room);
    int[] landings = new int[BlockMachine.FAULTS - 1];
    for (int i = 0; i < landings.length; i++) {
      landings[i] = random.nextInt(blocks);
    }
    BlockProgram.Start start =
        new BlockProgram.Start(
            number,
            mode,
            kernel,
            chance(20),
            chance(30),
            mode == 16 && chance(50),
            seed ^ number >>> 10,
            state,
            patches,
            Math.clamp(offset, 0, room),
            landings);
    Quanta interp = quanta();
    Quanta compiled = interp.exact() && chance(50) ? exactQuanta() : interp;
    boolean tiny = Math.min(interp.longest(), compiled.longest()) < 10;
    int limit = tiny ? 150 : 200 + random.nextInt(1500);
    return new BlockProgram(start, List.copyOf(items), limit, interp, compiled);
  }

  /** Quanta that need not be exact have room for the longest block. */
  private Quanta quanta() {
    if (chance(50)) {
      return exactQuanta();
    }
    return chance(60)
        ? new Quanta(false, 1000, 1000, 0)
        : new Quanta(false, 48, 200, random.nextLong());
  }

  private Quanta exactQuanta() {
    int length =
        switch (random.nextInt(8)) {
          case 0 -> 1;
          case 1 -> 2;
          case 2 -> 7;
          default -> 1000;
        };
    return chance(40)
        ? new Quanta(true, 10, 100, random.nextLong())
        : new Quanta(true, length, length, 0);
  }

  // ---- code

  private List<InsnRow> rows(int count) {
    List<InsnRow> rows = new ArrayList<>();
    if (chance(40)) {
      rows.add(row(all.consumers));
    }
    while (rows.size() < count) {
      int choice = random.nextInt(100);
      rows.add(
          choice < 70
              ? row(profile)
              : choice < 85
                  ? row(all.consumers)
                  : choice < 88
                      ? row(all.strings)
                      : choice < 92 ? row(all.locked) : row(all.integer));
    }
    return rows;
  }

  private InsnRow row(List<InsnRow> from) {
    for (; ; ) {
      InsnRow row = pick(from);
      if (!row.is("rare") || random.nextInt(RARE_ONE_IN) == 0) {
        return row;
      }
    }
  }

  private void block(int number, List<InsnRow> rows) {
    items.add(Item.label(number));
    for (InsnRow row : rows) {
      if (chance(6) || row.is("str") && chance(30)) {
        items.add(jumps.loadRegister(row.is("str") && chance(60), edges.integer()));
      }
      if (chance(3)) {
        items.add(chance(60) ? jumps.setMxcsr(mxcsr()) : jumps.readMxcsr());
      }
      if (row.usesX87() && chance(12)) {
        items.add(chance(30) ? Item.of(INITIALISE.clone()) : jumps.setControlWord(controlWord()));
      }
      if (changesCode && chance(8)) {
        changeCode();
      }
      if (kernel && chance(5)) {
        items.add(jumps.flush());
      }
      rarely();
      items.add(Item.of(encoder.apply(row)));
    }
    items.addAll(jumps.end());
  }

  private void rarely() {
    switch (random.nextInt(200)) {
      case 0, 1 -> items.add(jumps.exchangePages());
      case 2 -> items.add(jumps.setFlags(edges.integer()));
      case 3 -> items.addAll(kernel ? jumps.watch() : List.of());
      default -> {}
    }
  }

  /** Stores that put an instruction into the place of an earlier one, or something anywhere. */
  private void changeCode() {
    if (chance(40)) {
      items.add(jumps.storeAnything(edges.integer()));
      return;
    }
    int at = random.nextInt(items.size());
    int block = 0;
    int delta = 0;
    for (int i = 0; i < at; i++) {
      boolean label = items.get(i).fix() == BlockProgram.Fix.LABEL;
      block = label ? (int) items.get(i).target() : block;
      delta = label ? 0 : delta + items.get(i).bytes().length;
    }
    int length = items.get(at).bytes().length;
    byte[] other = items.get(at).blank().bytes();
    for (int i = 0; i < 10; i++) {
      Insn insn = encoder.apply(row(profile));
      if (insn.bytes().length <= length && insn.fixup() == Insn.Fixup.NONE) {
        System.arraycopy(insn.bytes(), 0, other, 0, insn.bytes().length);
        break;
      }
    }
    items.addAll(jumps.store(other, block, delta));
  }

  /** Default, all exceptions masked, or anything. */
  private int mxcsr() {
    return switch (random.nextInt(5)) {
      case 0, 1 -> DEFAULT_MXCSR;
      case 2, 3 -> DEFAULT_MXCSR | random.nextInt(0x10000);
      default -> random.nextInt(0x10000);
    };
  }

  /** Default, all exceptions masked, or anything. */
  private int controlWord() {
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 -> DEFAULT_FCW;
      case 4, 5, 6, 7, 8 -> DEFAULT_FCW & 0x3F | random.nextInt(0x10000);
      default -> random.nextInt(0x10000);
    };
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** The rows of a mode, by what they are good for. */
  private static final class Rows {
    final List<InsnRow> integer;
    final List<InsnRow> strings;
    final List<InsnRow> locked;
    final List<InsnRow> consumers;
    final List<List<InsnRow>> profiles;

    Rows(List<InsnRow> general) {
      integer = general;
      strings = integer.stream().filter(row -> row.is("str")).toList();
      locked = integer.stream().filter(row -> row.is("lock")).toList();
      consumers = integer.stream().filter(row -> row.reads() != 0 && !row.is("shift")).toList();
      List<InsnRow> sse = SseRows.rows();
      List<InsnRow> x87 = X87Rows.rows();
      List<InsnRow> x87AndMmx =
          Stream.concat(x87.stream(), sse.stream().filter(InsnRow::usesMmx)).toList();
      List<InsnRow> mixed = Stream.of(integer, sse, x87AndMmx).flatMap(List::stream).toList();
      profiles =
          List.of(
              integer, integer, integer, sse, sse, x87, x87, x87AndMmx, mixed, mixed, strings,
              locked);
    }
  }
}
