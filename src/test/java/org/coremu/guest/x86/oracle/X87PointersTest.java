package org.coremu.guest.x86.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The last instruction's opcode, address and operand as FNSTENV and FNSAVE store them. The random
 * streams leave them out, because processors differ: this compares with a host that is an AMD Zen,
 * and skips others.
 */
class X87PointersTest {
  /** FNSTENV [rbx+40h]. */
  private static final String STORE = " d9 73 40";

  /** MOV dword [rbx+11Ch], 0: MXCSR_MASK in an FXSAVE image at rbx+100h. */
  private static final String HIDE_MASK = " c7 83 1c 01 00 00 00 00 00 00";

  private static final int DATA = 0x800;

  private static Emulator host;
  private static Emulator engine;

  @BeforeAll
  static void start() throws IOException {
    assumeTrue(HostCpu.unavailable().isEmpty(), () -> HostCpu.unavailable().orElseThrow());
    String cpu = Files.readString(Path.of("/proc/cpuinfo"));
    assumeTrue(cpu.contains("AuthenticAMD") && cpu.contains("xsaveerptr"), "needs an AMD Zen");
    host = HostCpu.start();
    engine = new CoremuEmulator();
  }

  @AfterAll
  static void stop() {
    if (host != null) {
      host.close();
      engine.close();
    }
  }

  @Test
  void areSetByLoadsWhateverThePrefixes() {
    check(
        "dd 03",
        "2e dd 03",
        "66 dd 03",
        "48 dd 03",
        "67 dd 03",
        "64 dd 01",
        "65 dd 41 20",
        "db 2b",
        "df 23");
  }

  @Test
  void areSetByStores() {
    check("dd 5b 10", "df 7b 10", "db 7b 10", "d9 1c 24", "d9 5d 00", "df 73 10");
  }

  @Test
  void keepTheOperandOverInstructionsWithoutOne() {
    check(
        "dd 03 d9 e8",
        "dd 03 90 d9 d0",
        "dd 03 d9 f7",
        "dd 03 dd c1",
        "dd 03 d9 e5",
        "dd 03 d9 c9",
        "dd 03 da c1",
        "dd 03 db e9",
        "dd 03 d8 c1",
        "dd 03 de c1",
        "dd 03 dc c1",
        "dd 03 d9 fa",
        "dd 03 d9 fe",
        "dd 03 d9 e0");
  }

  @Test
  void areLeftAloneByControlInstructions() {
    check(
        "dd 03 db e0",
        "dd 03 db e4",
        "dd 03 9b",
        "dd 03 db e2",
        "dd 03 d9 7b 20",
        "dd 03 d9 6b 20",
        "dd 03 df e0",
        "dd 03 dd 7b 20",
        "dd 03 0f 77");
  }

  @Test
  void areClearedByInitialisation() {
    check("dd 03 db e3", "dd 03 dd b3 00 01 00 00");
  }

  @Test
  void surviveEnvironmentsOfBothSizes() {
    check(
        "dd 03 d9 73 40 dd 43 08 d9 63 40",
        "dd 03 66 d9 b3 80 00 00 00 db e3 66 d9 a3 80 00 00 00",
        "dd 03 dd b3 00 01 00 00 d9 e8 dd a3 00 01 00 00",
        "dd 03 66 dd b3 00 01 00 00 d9 e8 66 dd a3 00 01 00 00");
  }

  @Test
  void areThoseOfTheInstructionWithThePendingException() {
    check("d9 6b 28 d8 73 30");
  }

  @Test
  void goThroughFxsaveOnlyWithAPendingException() {
    // FXSAVE64 and FXSAVE, then what spoils the pointers and the restoring of the former
    check(
        "dd 03 48 0f ae 83 00 01 00 00" + HIDE_MASK,
        "dd 03 0f ae 83 00 01 00 00 d9 e8 0f ae 8b 00 01 00 00" + HIDE_MASK,
        "dd 03 48 0f ae 83 00 01 00 00 d9 e8 48 0f ae 8b 00 01 00 00" + HIDE_MASK,
        "d9 6b 28 d8 73 30 48 0f ae 83 00 01 00 00 db e3 48 0f ae 8b 00 01 00 00" + HIDE_MASK,
        "d9 6b 28 d8 73 30 0f ae 83 00 01 00 00 db e3 0f ae 8b 00 01 00 00" + HIDE_MASK);
  }

  private static void check(String... codes) {
    for (String code : codes) {
      for (int tags : new int[] {0x00, 0x3C, 0xFF}) {
        TestCase testCase = testCase(code + STORE, tags);
        Outcome expected = host.run(List.of(testCase)).getFirst();
        Outcome actual = engine.run(List.of(testCase)).getFirst();
        assertThat(Comparison.differences(testCase, expected, actual))
            .as("%s, tags %x", code, tags)
            .isEmpty();
        assertThat(expected.vector()).as(code).isEqualTo(3);
      }
    }
  }

  private static TestCase testCase(String hex, int tags) {
    byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
    InsnRow row = InsnRow.parse("any 90").getFirst();
    Insn insn = new Insn(row, bytes, Insn.Fixup.NONE, 0, 0, 0, 0, 0);
    byte[] fx = new byte[GuestState.FX_BYTES];
    GuestState.SHORT.set(fx, GuestState.FX_FCW, (short) 0x37F);
    GuestState.INT.set(fx, GuestState.FX_MXCSR, 0x1F80);
    for (int i = 0; i < 8; i++) {
      GuestState.LONG.set(fx, GuestState.FX_ST0 + 16 * i, 0x8123_4567_8900_0000L + i);
      GuestState.SHORT.set(fx, GuestState.FX_ST0 + 16 * i + 8, (short) (0x3FF0 + i));
    }
    fx[GuestState.FX_FTW] = (byte) tags;
    long[] gpr = new long[16];
    gpr[3] = TestCase.DATA_BASE + DATA;
    gpr[1] = 0x40;
    gpr[4] = TestCase.DATA_BASE + 0x2000;
    gpr[5] = TestCase.DATA_BASE + 0x3000;
    List<TestCase.Patch> patches = new ArrayList<>();
    patches.add(new TestCase.Patch(DATA, new byte[] {0, 0, 0, 0, 0, 0, 0x12, 0x34, 0x56, 0x00}));
    patches.add(new TestCase.Patch(DATA + 0x20, new byte[] {0x7F, 2}));
    patches.add(new TestCase.Patch(DATA + 0x28, new byte[] {0x40, 3}));
    patches.add(new TestCase.Patch(DATA + 0x30, new byte[8]));
    GuestState state = new GuestState(gpr, TestCase.CODE_BASE + 16, 0x202, fx);
    return new TestCase(7, state, List.of(insn), patches);
  }
}
