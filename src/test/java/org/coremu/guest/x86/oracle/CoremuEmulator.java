package org.coremu.guest.x86.oracle;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.coremu.exec.CoreState;
import org.coremu.guest.x86.X86Fault;
import org.coremu.guest.x86.X86State;

/**
 * The engine as an {@link Emulator}: 64-bit mode, CPL 3, paging as the native harness has it.
 * Exceptions are delivered for real, through an IDT whose handlers are one HLT each, on an
 * interrupt stack in the upper half of the address space.
 */
final class CoremuEmulator implements Emulator {
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

  /* Physical layout. */
  private static final int PML4 = 0x1000;
  private static final int PDPT_LOW = 0x2000;
  private static final int PD_LOW = 0x3000;
  private static final int PT_DATA = 0x4000;
  private static final int PT_CODE = 0x5000;
  private static final int PDPT_HIGH = 0x6000;
  private static final int PD_HIGH = 0x7000;
  private static final int PT_HIGH = 0x8000;
  private static final int SYSTEM = 0x9000;
  private static final int IDT = SYSTEM;
  private static final int GDT = SYSTEM + 0x1000;
  private static final int TSS = GDT + 0x800;
  private static final int STUBS = SYSTEM + 0x2000;
  private static final int STACK_TOP = SYSTEM + 0x4000;
  private static final int DATA = 0x20000;
  private static final int CODE = 0x40000;
  private static final int RAM_BYTES = 0x100000;

  /** Where physical page {@link #SYSTEM} is mapped. */
  private static final long HIGH = 0xFFFF_FFFF_8000_0000L;

  private static final long PRESENT = 1;
  private static final long WRITABLE = 2;
  private static final long USER = 4;
  private static final long NO_EXECUTE = 1L << 63;
  private static final int INSTRUCTIONS = 200_000;

  private final BareMachine machine = new BareMachine(RAM_BYTES);
  private final MemorySegment memory = machine.ram.segment();
  private final MemorySegment data = memory.asSlice(DATA, TestCase.DATA_BYTES);
  private final MemorySegment pristine =
      MemorySegment.ofArray(new long[(TestCase.DATA_BYTES + TestCase.READ_ONLY_BYTES) / 8]);
  private long seed;

  CoremuEmulator() {
    buildPageTables();
    buildTables();
    fill(0);
  }

  private void entry(int table, long index, long value) {
    memory.set(LONG, table + 8 * index, value);
  }

  private void buildPageTables() {
    long all = PRESENT | WRITABLE | USER;
    entry(PML4, 0, PDPT_LOW | all);
    entry(PDPT_LOW, 0, PD_LOW | all);
    entry(PD_LOW, TestCase.DATA_BASE >> 21, PT_DATA | all);
    entry(PD_LOW, TestCase.CODE_BASE >> 21, PT_CODE | all);
    for (int i = 0; i < TestCase.DATA_BYTES >> 12; i++) {
      entry(PT_DATA, i, DATA + 4096L * i | all | NO_EXECUTE);
    }
    int readOnly = TestCase.DATA_BYTES >> 12;
    entry(PT_DATA, readOnly, DATA + 4096L * readOnly | PRESENT | USER | NO_EXECUTE);
    entry(PT_CODE, 0, CODE | PRESENT | USER);
    entry(PML4, 511, PDPT_HIGH | PRESENT | WRITABLE);
    entry(PDPT_HIGH, 510, PD_HIGH | PRESENT | WRITABLE);
    entry(PD_HIGH, 0, PT_HIGH | PRESENT | WRITABLE);
    for (int i = 0; i < 4; i++) {
      entry(PT_HIGH, i, SYSTEM + 4096L * i | PRESENT | WRITABLE);
    }
  }

  private static long high(int physical) {
    return HIGH + physical - SYSTEM;
  }

  private void buildTables() {
    for (int vector = 0; vector < 256; vector++) {
      long handler = high(STUBS) + 2L * vector;
      int privilege = vector == 3 || vector == 4 ? 3 : 0;
      long gate =
          handler & 0xFFFF
              | 0x10L << 16
              | 1L << 32
              | (0x8EL | privilege << 5) << 40
              | (handler >> 16 & 0xFFFF) << 48;
      memory.set(LONG, IDT + 16L * vector, gate);
      memory.set(LONG, IDT + 16L * vector + 8, handler >>> 32);
      memory.set(ValueLayout.JAVA_BYTE, STUBS + 2L * vector, (byte) 0xF4);
    }
    memory.set(LONG, GDT + 0x10L, 0x00AF9B000000FFFFL);
    memory.set(LONG, GDT + 0x28L, 0x00CFF3000000FFFFL);
    memory.set(LONG, GDT + 0x30L, 0x00AFFB000000FFFFL);
    memory.set(LONG, TSS + 36L, high(STACK_TOP));
    memory.set(ValueLayout.JAVA_SHORT, TSS + 102L, (short) 104); // no I/O permission bitmap
    machine.x86.put(X86State.GDT_BASE, high(GDT));
    machine.x86.put(X86State.GDT_LIMIT, 0x7F);
    machine.x86.put(X86State.IDT_BASE, high(IDT));
    machine.x86.put(X86State.IDT_LIMIT, 0xFFF);
  }

  private void fill(long newSeed) {
    seed = newSeed;
    for (int i = 0; i < pristine.byteSize() / 8; i++) {
      pristine.set(ValueLayout.JAVA_LONG, 8L * i, TestCase.fill(seed, i));
    }
    memory.asSlice(DATA, pristine.byteSize()).copyFrom(pristine);
  }

  @Override
  public List<Outcome> run(List<TestCase> cases) {
    List<Outcome> outcomes = new ArrayList<>(cases.size());
    for (TestCase testCase : cases) {
      outcomes.add(run(testCase));
    }
    return outcomes;
  }

  private Outcome run(TestCase testCase) {
    if (testCase.seed() != seed) {
      fill(testCase.seed());
    }
    byte[] page = new byte[TestCase.CODE_BYTES];
    Arrays.fill(page, (byte) 0xCC);
    byte[] code = testCase.code();
    System.arraycopy(
        code, 0, page, (int) (testCase.state().rip() - TestCase.CODE_BASE), code.length);
    machine.bus.write(CODE, page, 0, page.length);
    for (TestCase.Patch patch : testCase.patches()) {
      machine.bus.write(DATA + patch.offset(), patch.bytes(), 0, patch.bytes().length);
    }
    enter(testCase);
    boolean ended;
    try {
      ended = machine.run(INSTRUCTIONS);
    } catch (RuntimeException | Error e) {
      throw new AssertionError("the engine failed in case " + Report.code(testCase), e);
    }
    return leave(ended, testCase.codeBase());
  }

  private void enter(TestCase testCase) {
    GuestState state = testCase.state();
    for (int i = 0; i < 16; i++) {
      machine.x86.put(X86State.GPR + i, state.gpr()[i]);
    }
    machine.x86.put(CoreState.PC, state.rip() - testCase.codeBase());
    machine.setRflags(state.rflags());
    setSegments(testCase.mode());
    machine.setSegment(X86State.LDTR, 0, 0, 0, 0);
    machine.setSegment(X86State.TR, 0x40, high(TSS), 103, 0x8B);
    machine.x86.put(X86State.CPL, 3);
    machine.x86.put(X86State.CR0, 0x8005_0033L);
    machine.x86.put(X86State.CR3, PML4);
    machine.x86.put(X86State.CR4, 0x620);
    machine.x86.put(X86State.EFER, 0xD01);
    FpuState.load(machine.x86, state.fx());
    machine.x86.updateMode();
  }

  private void setSegments(int mode) {
    long all = 0xFFFF_FFFFL;
    machine.setSegment(X86State.FS, 0, TestCase.FS_BASE, 0, 0);
    machine.setSegment(X86State.GS, 0, TestCase.GS_BASE, 0, 0);
    switch (mode) {
      case 64 -> machine.setSegment(X86State.CS, 0x33, 0, all, 0xA0FB);
      case 32 -> machine.setSegment(X86State.CS, 0x23, 0, all, 0xC0FB);
      default ->
          machine.setSegment(
              X86State.CS, 0x07, TestCase.CODE_BASE, TestCase.CODE_BYTES - 1, 0x00FB);
    }
    for (int segment : new int[] {X86State.ES, X86State.SS, X86State.DS}) {
      if (mode == 16) {
        machine.setSegment(segment, 0x0F, TestCase.DATA_BASE, TestCase.DATA_BYTES - 1, 0x00F3);
      } else if (mode == 32 || segment == X86State.SS) {
        machine.setSegment(segment, 0x2B, 0, all, 0xC0F3);
      } else {
        machine.setSegment(segment, 0, 0, 0, 0);
      }
    }
  }

  /**
   * Reads the state out of the exception frame and the registers, and puts the data window back.
   */
  private Outcome leave(boolean ended, long codeBase) {
    long[] changed = changes();
    GuestState now = registers(machine.x86.get(CoreState.PC), machine.rflags());
    if (!ended || machine.shutDown()) {
      return new Outcome(Outcome.TIMED_OUT, 0, 0, now, changed);
    }
    int vector = (int) (now.rip() - high(STUBS)) >> 1;
    boolean hasError = X86Fault.hasErrorCode(vector);
    long frame = STACK_TOP - (hasError ? 48 : 40);
    long error = hasError ? memory.get(LONG, frame) : 0;
    frame += hasError ? 8 : 0;
    long[] gpr = now.gpr();
    gpr[4] = memory.get(LONG, frame + 24);
    GuestState state =
        new GuestState(
            gpr, memory.get(LONG, frame) + codeBase, memory.get(LONG, frame + 16), now.fx());
    return new Outcome(vector, error, machine.x86.get(X86State.CR2), state, changed);
  }

  private GuestState registers(long rip, long rflags) {
    long[] gpr = new long[16];
    for (int i = 0; i < 16; i++) {
      gpr[i] = machine.x86.get(X86State.GPR + i);
    }
    return new GuestState(gpr, rip, rflags, FpuState.save(machine.x86));
  }

  private long[] changes() {
    long[] pairs = new long[16];
    int used = 0;
    MemorySegment expected = pristine.asSlice(0, TestCase.DATA_BYTES);
    long from = 0;
    while (from < TestCase.DATA_BYTES) {
      long at = data.asSlice(from).mismatch(expected.asSlice(from));
      if (at < 0) {
        break;
      }
      long word = from + at >> 3;
      if (used == pairs.length) {
        pairs = Arrays.copyOf(pairs, 2 * used);
      }
      pairs[used++] = word;
      pairs[used++] = data.get(LONG, 8 * word);
      data.set(LONG, 8 * word, expected.get(LONG, 8 * word));
      from = 8 * (word + 1);
    }
    return Arrays.copyOf(pairs, used);
  }

  @Override
  public String name() {
    return "coremu";
  }

  @Override
  public void close() {
    machine.close();
  }
}
