package org.coremu.guest.x86.oracle;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * One piece of code with everything it starts from. The address space is fixed (see hostcpu.c): a
 * data window filled from the seed and then patched, a read-only page behind it, one page of code
 * filled with INT3 around the code.
 *
 * @param seed decides the fill of the data window and of the read-only page: word i is {@link
 *     #fill}
 * @param state initial registers; {@code rip} lies in the code page
 * @param insns the code, which starts at {@code rip} and is followed by INT3
 * @param patches bytes put into the data window over the fill
 * @param mode 64; 32 for compatibility mode with flat segments; 16 for compatibility mode with
 *     16-bit segments: CS covers the code page, the others the data window. {@code rip} is linear
 *     in any mode.
 */
public record TestCase(
    long seed, GuestState state, List<Insn> insns, List<Patch> patches, int mode) {
  public static final long DATA_BASE = 0x1000_0000L;
  public static final int DATA_BYTES = 0x1_0000;
  public static final long READ_ONLY_BASE = DATA_BASE + DATA_BYTES;
  public static final int READ_ONLY_BYTES = 0x1000;
  public static final long CODE_BASE = 0x2000_0000L;
  public static final int CODE_BYTES = 0x1000;
  public static final long FS_BASE = DATA_BASE + 0x4000;
  public static final long GS_BASE = DATA_BASE + 0x8000;

  /** A case of 64-bit code. */
  public TestCase(long seed, GuestState state, List<Insn> insns, List<Patch> patches) {
    this(seed, state, insns, patches, 64);
  }

  /**
   * Bytes at an offset of the data window.
   *
   * @param offset 0 to 65536 - bytes.length
   * @param bytes at most 16
   */
  public record Patch(int offset, byte[] bytes) {}

  /**
   * Word {@code index} (8 bytes, little endian) of the data window, the read-only page following
   * it.
   */
  public static long fill(long seed, int index) {
    long z = seed + (index + 1) * 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }

  /** The assembled code, cut at the end of the code page. */
  public byte[] code() {
    byte[] code = Insn.assemble(insns, state.rip());
    int room = (int) (CODE_BASE + CODE_BYTES - state.rip());
    return code.length <= room ? code : Arrays.copyOf(code, room);
  }

  /** What is added to RIP as the processor has it to make it linear. */
  public long codeBase() {
    return mode == 16 ? CODE_BASE : 0;
  }

  /** The same case with other instructions. */
  public TestCase with(List<Insn> others) {
    return new TestCase(seed, state, List.copyOf(others), patches, mode);
  }

  /** The same case without instruction {@code index}. */
  public TestCase without(int index) {
    List<Insn> rest = new ArrayList<>(insns);
    rest.remove(index);
    return with(rest);
  }
}
