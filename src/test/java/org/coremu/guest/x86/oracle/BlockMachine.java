package org.coremu.guest.x86.oracle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import org.coremu.exec.Core;
import org.coremu.exec.CoreState;
import org.coremu.exec.TestTier;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;

/**
 * A machine for {@link BlockProgram}s. The address space is that of {@link TestCase}, but the code
 * has three pages, which are writable, and nothing behind them; a second set of page tables shows
 * one of them in the data window, too. Both windows appear below 64 KiB as well, for 16-bit code.
 *
 * <p>Exceptions go to handlers in 64-bit code with CPL 0, which log them and return to the next
 * landing of the program; after the last one, and at INT 81h, the core halts.
 */
final class BlockMachine implements AutoCloseable {
  /** Ends a program. */
  static final byte[] END = {(byte) 0xCD, (byte) 0x81};

  /**
   * Exchanges the pages of the data window with the numbers AL and DL (low four bits) and drops the
   * old translations: all of them if bit 4 of DL is set, or these two. It is done apart from the
   * program because nobody may use the pages in between.
   */
  static final byte[] EXCHANGE = {(byte) 0xCD, (byte) 0x82};

  /** Bytes of code that there is room for. */
  static final int CODE_BYTES = 0x3000;

  /** Faults after which a program ends. */
  static final int FAULTS = 16;

  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /** Where code is in the low 64 KiB, in place of the last pages of the data: up to the end. */
  private static final int LOW_CODE = 0x1_0000 - CODE_BYTES;

  /**
   * Distance from {@link #HIGH} of the pages that show the data window's page tables: where no
   * stray pointer leads.
   */
  private static final int EXCHANGED = 0x2B20_0000;

  /* Physical layout. The tables of the second address space follow those of the first. */
  private static final int PT_OF_TABLES = 0;
  private static final int PML4 = 0x1000;
  private static final int PDPT_LOW = 0x2000;
  private static final int PD_LOW = 0x3000;
  private static final int PT_DATA = 0x4000;
  private static final int PT_CODE = 0x5000;
  private static final int PT_FIRST = 0x6000;
  private static final int SECOND = 0x6000;
  private static final int PDPT_HIGH = 0xD000;
  private static final int PD_HIGH = 0xE000;
  private static final int PT_HIGH = 0xF000;
  private static final int IDT = 0x10000;
  private static final int GDT = 0x11000;
  private static final int TSS = GDT + 0x800;
  private static final int STUBS = 0x12000;
  private static final int HANDLER = 0x13000;
  private static final int EXCHANGER = HANDLER + 0x100;
  private static final int LOG = 0x14000;
  private static final int STACK_TOP = 0x16000;
  private static final int DATA = 0x20000;
  private static final int CODE = 0x40000;
  private static final int RAM_BYTES = 0x100000;

  /** Where physical page {@link #IDT} is mapped. */
  private static final long HIGH = 0xFFFF_FFFF_8000_0000L;

  private static final int ALIAS_PAGE = 5;
  private static final int LOG_ENTRY = 64;
  private static final long PRESENT = 1;
  private static final long WRITABLE = 2;
  private static final long USER = 4;
  private static final long ALL = PRESENT | WRITABLE | USER;
  private static final long ACCESSED = 0x20;
  private static final long NO_EXECUTE = 1L << 63;

  /**
   * Logs vector, error code, RIP, RFLAGS, CR2 and RSP, takes RIP and RSP to go on with from the
   * same entry, clears TF and a pending x87 exception; halts if RIP is 0.
   */
  private static final String HANDLER_CODE =
      """
      50 51 488b0df70f0000 488d0530100000 48c1e106 4801c8
      488b4c2410 488908 83f910 7502 dbe2
      488b4c2418 48894808 488b4c2430 48894818 0f20d1 48894820
      488b4c2438 48894828 488b4838 48894c2438
      488b4c2420 48894810 488b4830 48894c2420
      81642430fffeffff 48ff058e0f0000 4885c9 7408
      59 58 4883c410 48cf f4 ebfd
      """;

  private static final String EXCHANGER_CODE =
      """
      51 53 50 52 0f20d9 81e100200000 d1e9 488d1dea4e202b 4801d9 83e00f 83e20f
      488b1cc1 48871cd1 48891cc1 f6042410 7408 0f20db 0f22db eb14
      c1e00c c1e20c 0f01b800000010 0f01ba00000010 5a 58 5b 59 48cf
      """;

  private final BareMachine machine;
  private final MemorySegment memory;
  private final byte[] system = new byte[DATA];
  private final byte[] fill = new byte[TestCase.DATA_BYTES + TestCase.READ_ONLY_BYTES];
  private long fillSeed = -1;
  private final long[] slots = new long[CoreState.SCRATCH];
  private long instructions;
  private boolean halted;

  /** A machine; on the native tier if it is given memory for native code, in bytes. */
  BlockMachine(long codeBytes) {
    machine = new BareMachine(RAM_BYTES, codeBytes);
    memory = machine.ram.segment();
    buildPageTables(0, DATA + 0x1000 * ALIAS_PAGE);
    buildPageTables(SECOND, CODE + 0x1000);
    buildTables();
    MemorySegment.copy(memory, 0, MemorySegment.ofArray(system), 0, system.length);
    for (int slot = 0; slot < slots.length; slot++) {
      slots[slot] = machine.x86.get(slot);
    }
  }

  /** As the other constructor; all native code is traces. */
  static BlockMachine ofTraces(long codeBytes) {
    BlockMachine made = new BlockMachine(codeBytes);
    TestTier.traceEverything(made.machine.core);
    return made;
  }

  /** The linear address of the code window. */
  static long codeBase(int mode) {
    return mode == 16 ? LOW_CODE : TestCase.CODE_BASE;
  }

  // ---- tables

  private void entry(int table, long index, long value) {
    memory.set(LONG, table + 8 * index, value);
  }

  private void buildPageTables(int at, int aliasPage) {
    entry(PML4 + at, 0, PDPT_LOW + at | ALL);
    entry(PDPT_LOW + at, 0, PD_LOW + at | ALL);
    entry(PD_LOW + at, 0, PT_FIRST + at | ALL);
    entry(PD_LOW + at, TestCase.DATA_BASE >> 21, PT_DATA + at | ALL);
    entry(PD_LOW + at, TestCase.CODE_BASE >> 21, PT_CODE + at | ALL);
    for (int i = 0; i < TestCase.DATA_BYTES >> 12; i++) {
      long page = i == ALIAS_PAGE ? aliasPage : DATA + 4096L * i;
      entry(PT_DATA + at, i, page | ALL | NO_EXECUTE);
      if (i < LOW_CODE >> 12) {
        entry(PT_FIRST + at, i, page | ALL | NO_EXECUTE);
      }
    }
    int readOnly = TestCase.DATA_BYTES >> 12;
    entry(PT_DATA + at, readOnly, DATA + 4096L * readOnly | PRESENT | USER | NO_EXECUTE);
    for (int i = 0; i < CODE_BYTES >> 12; i++) {
      // Accessed from the start: how far code is translated ahead must not show.
      long page = CODE + 4096L * i | ALL | ACCESSED;
      entry(PT_CODE + at, i, page);
      entry(PT_FIRST + at, (LOW_CODE >> 12) + i, page);
    }
    entry(PML4 + at, 511, PDPT_HIGH | PRESENT | WRITABLE);
    entry(PDPT_HIGH, 510, PD_HIGH | PRESENT | WRITABLE);
    entry(PD_HIGH, 0, PT_HIGH | PRESENT | WRITABLE);
    for (int i = 0; i < STACK_TOP - IDT >> 12; i++) {
      entry(PT_HIGH, i, IDT + 4096L * i | PRESENT | WRITABLE);
    }
    entry(PD_HIGH, EXCHANGED >> 21, PT_OF_TABLES | PRESENT | WRITABLE);
    entry(PT_OF_TABLES, at == 0 ? 8 : 9, PT_DATA + at | PRESENT | WRITABLE);
  }

  private static long high(int physical) {
    return HIGH + physical - IDT;
  }

  private void buildTables() {
    putCode(HANDLER, HANDLER_CODE);
    putCode(EXCHANGER, EXCHANGER_CODE);
    for (int vector = 0; vector < 256; vector++) {
      stub(vector);
      long address = high(STUBS) + 16L * vector;
      boolean software = vector == (END[1] & 0xff) || vector == (EXCHANGE[1] & 0xff);
      int privilege = vector == 3 || vector == 4 || software ? 3 : 0;
      long gate =
          address & 0xFFFF
              | 0x10L << 16
              | 1L << 32
              | (0x8EL | privilege << 5) << 40
              | (address >> 16 & 0xFFFF) << 48;
      memory.set(LONG, IDT + 16L * vector, gate);
      memory.set(LONG, IDT + 16L * vector + 8, address >>> 32);
    }
    long[] descriptors = {
      0x00AF9B000000FFFFL, // 10: kernel code
      0x00CF93000000FFFFL, // 18: kernel data
      0x00CFFB000000FFFFL, // 20: 32-bit code
      0x00CFF3000000FFFFL, // 28: data
      0x00AFFB000000FFFFL, // 30: 64-bit code
      0x008FFB000000FFFFL, // 38: 16-bit code
      0,
      0,
      0x008FF3000000FFFFL // 50: data, as a stack with SP
    };
    for (int i = 0; i < descriptors.length; i++) {
      memory.set(LONG, GDT + 0x10 + 8L * i, descriptors[i]);
    }
    memory.set(LONG, TSS + 36L, high(STACK_TOP));
    memory.set(ValueLayout.JAVA_SHORT, TSS + 102L, (short) 104); // no I/O permission bitmap
    machine.x86.put(X86State.GDT_BASE, high(GDT));
    machine.x86.put(X86State.GDT_LIMIT, 0x7F);
    machine.x86.put(X86State.IDT_BASE, high(IDT));
    machine.x86.put(X86State.IDT_LIMIT, 0xFFF);
  }

  private void putCode(int physical, String hex) {
    byte[] code = HexFormat.of().parseHex(hex.replaceAll("\\s", ""));
    MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, physical, code.length);
  }

  /** Pushes what the processor has not, and goes to the handler; or halts. */
  private void stub(int vector) {
    byte[] code = new byte[16];
    if (vector == (END[1] & 0xff)) {
      System.arraycopy(new byte[] {(byte) 0xF4, (byte) 0xEB, (byte) 0xFD}, 0, code, 0, 3);
    } else if (vector == (EXCHANGE[1] & 0xff)) {
      code[0] = (byte) 0xE9;
      GuestState.INT.set(code, 1, EXCHANGER - (STUBS + 16 * vector + 5));
    } else {
      int at = 0;
      if (!X86Fault.hasErrorCode(vector)) {
        code[at++] = 0x6A;
        at++;
      }
      code[at++] = 0x68;
      GuestState.INT.set(code, at, vector);
      at += 4;
      code[at++] = (byte) 0xE9;
      GuestState.INT.set(code, at, HANDLER - (STUBS + 16 * vector + at + 4));
    }
    MemorySegment.copy(code, 0, memory, ValueLayout.JAVA_BYTE, STUBS + 16L * vector, 16);
  }

  // ---- starting

  /** Puts everything into the state that a program starts from. */
  void load(BlockProgram program) {
    if (machine.shutDown()) {
      machine.reset();
    }
    BlockProgram.Start start = program.start();
    for (int slot = 0; slot < slots.length; slot++) {
      if (CoreState.isGuestState(slot)) {
        machine.x86.put(slot, slots[slot]);
      }
    }
    restoreMemory(program);
    GuestState state = start.registers();
    for (int i = 0; i < 16; i++) {
      machine.x86.put(X86State.GPR + i, state.gpr()[i]);
    }
    machine.x86.put(CoreState.PC, program.entry());
    machine.setRflags(state.rflags());
    setSegments(start);
    machine.x86.put(X86State.CPL, start.kernel() ? 0 : 3);
    machine.x86.put(X86State.CR0, 0x8005_0033L);
    long cr3 = PML4 + (start.aliased() ? SECOND : 0);
    machine.x86.put(X86State.CR3, cr3);
    machine.x86.put(X86State.CR4, 0x620);
    machine.x86.put(X86State.EFER, 0xD01);
    FpuState.load(machine.x86, state.fx());
    machine.x86.updateMode();
    machine.x86.updateWatch();
    if (start.cold()) {
      machine.core.flushTlb();
    }
  }

  private void setSegments(BlockProgram.Start start) {
    long all = 0xFFFF_FFFFL;
    machine.setSegment(X86State.LDTR, 0, 0, 0, 0);
    machine.setSegment(X86State.TR, 0x40, high(TSS), 103, 0x8B);
    machine.setSegment(X86State.FS, 0, TestCase.FS_BASE, 0, 0);
    machine.setSegment(X86State.GS, 0, TestCase.GS_BASE, 0, 0);
    if (start.kernel()) {
      machine.setSegment(X86State.CS, 0x10, 0, all, 0xA09B);
      machine.setSegment(X86State.SS, 0x18, 0, all, 0xC093);
    } else {
      switch (start.mode()) {
        case 64 -> machine.setSegment(X86State.CS, 0x33, 0, all, 0xA0FB);
        case 32 -> machine.setSegment(X86State.CS, 0x23, 0, all, 0xC0FB);
        default -> machine.setSegment(X86State.CS, 0x3B, 0, all, 0x80FB);
      }
      if (start.smallStack()) {
        machine.setSegment(X86State.SS, 0x53, 0, all, 0x80F3);
      } else {
        machine.setSegment(X86State.SS, 0x2B, 0, all, 0xC0F3);
      }
    }
    for (int segment : new int[] {X86State.ES, X86State.DS}) {
      if (start.mode() == 64) {
        machine.setSegment(segment, 0, 0, 0, 0);
      } else {
        machine.setSegment(segment, 0x2B, 0, all, 0xC0F3);
      }
    }
  }

  private void restoreMemory(BlockProgram program) {
    put(0, system);
    byte[] data = fill(program.start().seed()).clone();
    for (TestCase.Patch patch : program.start().patches()) {
      System.arraycopy(patch.bytes(), 0, data, patch.offset(), patch.bytes().length);
    }
    put(DATA, data);
    byte[] code = new byte[CODE_BYTES];
    Arrays.fill(code, (byte) 0xCC);
    byte[] own = program.code();
    System.arraycopy(own, 0, code, program.start().offset(), own.length);
    put(CODE, code);
    int[] landings = program.start().landings();
    byte[] log = new byte[LOG_ENTRY * (FAULTS + 1)];
    for (int i = 0; i < landings.length; i++) {
      int at = LOG_ENTRY * (i + 1);
      GuestState.LONG.set(log, at + 48, program.address(landings[i]));
      GuestState.LONG.set(log, at + 56, program.start().registers().gpr()[4]);
    }
    put(LOG, log);
  }

  private byte[] fill(long seed) {
    if (seed != fillSeed) {
      fillSeed = seed;
      for (int i = 0; i < fill.length / 8; i++) {
        GuestState.LONG.set(fill, 8 * i, TestCase.fill(seed, i));
      }
    }
    return fill;
  }

  /** Writes memory as DMA does, where it differs. */
  private void put(int physical, byte[] bytes) {
    MemorySegment now = memory.asSlice(physical, bytes.length);
    MemorySegment wanted = MemorySegment.ofArray(bytes);
    for (int page = 0; page < bytes.length; page += 4096) {
      int length = Math.min(4096, bytes.length - page);
      if (now.asSlice(page, length).mismatch(wanted.asSlice(page, length)) >= 0) {
        machine.bus.write(physical + page, bytes, page, length);
      }
    }
  }

  // ---- running

  /** Runs what was loaded until it halts or has executed so many instructions. */
  void run(BlockProgram.Quanta quanta, int limit) {
    SplittableRandom random = new SplittableRandom(quanta.seed());
    machine.core.setExact(quanta.exact());
    long start = machine.core.instructions();
    halted = false;
    for (long done = 0; done < limit && !halted; done = machine.core.instructions() - start) {
      int next = random.nextInt(quanta.shortest(), quanta.longest() + 1);
      int quantum = quanta.exact() ? (int) Math.min(next, limit - done) : next;
      halted = machine.quantum(quantum) == Core.HALTED || machine.shutDown();
    }
    instructions = machine.core.instructions() - start;
  }

  /** Instructions of the last run. */
  long instructions() {
    return instructions;
  }

  /** Faults that the program was in. */
  int faults() {
    return (int) Math.clamp(memory.get(LONG, LOG), 0, FAULTS); // CPL 0 may overwrite it
  }

  // ---- comparing

  /** Whether the last run has led to exactly the state of another machine. */
  boolean agrees(BlockMachine other) {
    if (instructions != other.instructions
        || halted != other.halted
        || machine.rflags() != other.machine.rflags()) {
      return false;
    }
    for (int slot = CoreState.PC; slot < CoreState.SCRATCH; slot++) {
      if (isCompared(slot) && machine.x86.get(slot) != other.machine.x86.get(slot)) {
        return false;
      }
    }
    long end = CODE + CODE_BYTES;
    return memory.asSlice(0, end).mismatch(other.memory.asSlice(0, end)) < 0;
  }

  /** The flags are lazy: what they come from may differ. */
  private static boolean isCompared(int slot) {
    return CoreState.isGuestState(slot) && (slot < CoreState.FLAG_KIND || slot > CoreState.FLAG_C);
  }

  /** How the state differs from what was expected, one line a difference. */
  List<String> differences(BlockMachine expected) {
    List<String> found = new ArrayList<>();
    Comparison.compare(found, "count", expected.instructions, instructions);
    Comparison.compare(found, "halted", expected.halted ? 1 : 0, halted ? 1 : 0);
    Comparison.compare(found, "rflags", expected.machine.rflags(), machine.rflags());
    for (int slot = CoreState.PC; slot < CoreState.SCRATCH; slot++) {
      if (isCompared(slot)) {
        Comparison.compare(
            found, name(slot), expected.machine.x86.get(slot), machine.x86.get(slot));
      }
    }
    for (int at = 0; at < CODE + CODE_BYTES && found.size() < 40; at += 8) {
      Comparison.compare(
          found,
          "[%x]".formatted(at < DATA || at >= CODE ? at : at - DATA + TestCase.DATA_BASE),
          expected.memory.get(LONG, at),
          memory.get(LONG, at));
    }
    return found;
  }

  private static String name(int slot) {
    if (slot >= X86State.GPR && slot < X86State.GPR + 16) {
      return Report.GPR[slot - X86State.GPR];
    }
    if (slot >= X86State.XMM && slot < X86State.XMM + 32) {
      int half = slot - X86State.XMM;
      return "xmm" + half / 2 + (half % 2 == 0 ? "l" : "h");
    }
    return slot == CoreState.PC ? "rip" : slot == X86State.MXCSR ? "mxcsr" : "slot " + slot;
  }

  /** The faults of the last run. */
  String log() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < faults(); i++) {
      long at = LOG + LOG_ENTRY * (i + 1L);
      text.append(
          "vector %d error %x rip %x rflags %x cr2 %x rsp %x, then %x%n"
              .formatted(
                  memory.get(LONG, at),
                  memory.get(LONG, at + 8),
                  memory.get(LONG, at + 16),
                  memory.get(LONG, at + 24),
                  memory.get(LONG, at + 32),
                  memory.get(LONG, at + 40),
                  memory.get(LONG, at + 48)));
    }
    return text.toString();
  }

  @Override
  public void close() {
    machine.close();
  }
}
