package org.coremu.exec.nativecode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the assembler encodes is what objdump reads, instruction by instruction. */
@Tag("tierless")
class AssemblerTest {
  /** Fixed, so that a failure comes again; another one finds other operands. */
  private static final long SEED = Long.getLong("coremu.seed", 1);

  private static final int EACH = 200;

  private static final Pattern LINE = Pattern.compile("^ *([0-9a-f]+):\t[0-9a-f ]+?\t(.*)$");

  private static final String[] CONDITIONS = {
    "o", "", "b", "ae", "e", "ne", "be", "a", "s", "ns", "p", "np", "l", "ge", "le", "g"
  };

  private static final String[] ALU = {"add", "or", "adc", "sbb", "and", "sub", "xor", "cmp"};

  private static final int[] CONSTANTS = {
    0, 1, -1, 127, 128, -128, -129, 0xFF, 0x1234, 0x12345678, Integer.MIN_VALUE, Integer.MAX_VALUE
  };

  /** Methods that encode nothing themselves. */
  private static final Set<String> PLAIN = Set.of("clear", "size", "bytes", "at", "u8", "i32");

  @TempDir Path directory;

  private final SplittableRandom random = new SplittableRandom(SEED);
  private final Assembler asm = new Assembler();
  private final Map<Integer, String> expected = new TreeMap<>();
  private final Set<String> tested = new TreeSet<>();

  @Test
  void objdumpReadsWhatWasMeant() throws IOException, InterruptedException {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/objdump")), "objdump is not installed");
    encodeAll();
    Map<Integer, String> actual = disassemble();
    Map<Integer, String> wrong = new TreeMap<>();
    expected.forEach(
        (at, text) -> {
          String theirs = actual.remove(at);
          if (!text.equals(theirs)) {
            wrong.put(at, text + ", objdump: " + theirs);
          }
        });
    assertThat(wrong).as("seed %d", SEED).isEmpty();
    // What is left begins inside of our instructions.
    assertThat(actual).as("seed %d", SEED).isEmpty();
  }

  @Test
  void everyMethodIsTested() {
    encodeAll();
    Set<String> methods =
        Arrays.stream(Assembler.class.getDeclaredMethods())
            .filter(m -> !Modifier.isPrivate(m.getModifiers()) && !m.isSynthetic())
            .map(Method::getName)
            .filter(name -> !PLAIN.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertThat(tested).isEqualTo(methods);
  }

  @Test
  void constantsTakeTheShortestForm() {
    assertThat(sizeOf(() -> asm.constant(Assembler.RDX, 0xFFFF_FFFFL))).isEqualTo(5);
    assertThat(sizeOf(() -> asm.constant(Assembler.R9, 1))).isEqualTo(6);
    assertThat(sizeOf(() -> asm.constant(Assembler.R9, -1))).isEqualTo(7);
    assertThat(sizeOf(() -> asm.constant(Assembler.R9, 1L << 32))).isEqualTo(10);
    assertThat(sizeOf(() -> asm.aluConstant(Assembler.ADD, true, Assembler.R9, -128))).isEqualTo(4);
    assertThat(sizeOf(() -> asm.aluConstant32(Assembler.ADD, true, Assembler.R9, 1))).isEqualTo(7);
    asm.at(Assembler.RSI, -128);
    assertThat(sizeOf(() -> asm.loadM(8, Assembler.RAX))).isEqualTo(4);
    assertThat(sizeOf(() -> asm.aluConstantM(Assembler.ADD, true, -128))).isEqualTo(5);
    asm.at(Assembler.RSI, 0);
    assertThat(sizeOf(() -> asm.loadM(8, Assembler.RAX))).isEqualTo(3);
  }

  @Test
  void shortJumpsAreShort() {
    int place = asm.jmpShort();
    asm.align(128, 0);
    asm.bindShort(place);
    asm.u8(0x90);
    asm.u8(0x90);
    assertThatThrownBy(() -> asm.bindShort(place)).isInstanceOf(AssertionError.class);
  }

  private int sizeOf(Runnable instruction) {
    int start = asm.size();
    instruction.run();
    return asm.size() - start;
  }

  private Map<Integer, String> disassemble() throws IOException, InterruptedException {
    Path file = directory.resolve("code.bin");
    Files.write(file, Arrays.copyOf(asm.bytes(), asm.size()));
    Path listing = directory.resolve("code.txt");
    String command =
        "objdump -D -b binary -mi386:x86-64 -Mintel,intel64 -z --insn-width=16 " + file;
    Process process =
        new ProcessBuilder(command.split(" ")).redirectOutput(listing.toFile()).start();
    assertThat(process.waitFor()).isZero();
    Map<Integer, String> texts = new TreeMap<>();
    for (String line : Files.readAllLines(listing, StandardCharsets.ISO_8859_1)) {
      var m = LINE.matcher(line);
      if (m.matches()) {
        // A REX prefix that changes nothing costs a byte but is right.
        String text = m.group(2).trim().replaceAll(" +", " ").replaceFirst("^rex ", "");
        texts.put(Integer.parseInt(m.group(1), 16), text);
      }
    }
    return texts;
  }

  // ---- what is expected

  /** Encodes one instruction, which objdump shall read so. */
  private void expect(String method, String text, Runnable instruction) {
    tested.add(method);
    expected.put(asm.size(), text);
    instruction.run();
  }

  private static String hex(long value) {
    return "0x" + Long.toHexString(value);
  }

  /** A constant that an instruction extends to its operand size. */
  private static String constant(boolean wide, int value) {
    return wide ? hex(value) : hex(value & 0xFFFF_FFFFL);
  }

  private static String register(int bytes, int register) {
    if (register >= Assembler.R8) {
      return "r" + register + Map.of(1, "b", 2, "w", 4, "d", 8, "").get(bytes);
    }
    String name = new String[] {"a", "c", "d", "b", "sp", "bp", "si", "di"}[register];
    boolean letter = name.length() == 1;
    return switch (bytes) {
      case 1 -> name + "l";
      case 2 -> letter ? name + "x" : name;
      case 4 -> "e" + (letter ? name + "x" : name);
      default -> "r" + (letter ? name + "x" : name);
    };
  }

  private static String register(boolean wide, int register) {
    return register(wide ? 8 : 4, register);
  }

  private static String size(int bytes) {
    return Map.of(1, "BYTE", 2, "WORD", 4, "DWORD", 8, "QWORD", 16, "XMMWORD").get(bytes) + " PTR ";
  }

  /** Makes a memory operand; gives its text. */
  private String memory(int base, int index, int scale, int disp) {
    if (index < 0) {
      asm.at(base, disp);
    } else {
      asm.at(base, index, scale, disp);
    }
    boolean shown = disp != 0 || (base & 7) == Assembler.RBP;
    String sign = disp < 0 ? "-" : "+";
    return "["
        + register(8, base)
        + (index < 0 ? "" : "+" + register(8, index) + "*" + (1 << scale))
        + (shown ? sign + hex(Math.abs((long) disp)) : "")
        + "]";
  }

  private String memory() {
    int index = random.nextInt(-4, 16);
    return memory(
        register(),
        index == Assembler.RSP ? -1 : Math.max(index, -1),
        random.nextInt(4),
        CONSTANTS[random.nextInt(CONSTANTS.length)]);
  }

  private int register() {
    return random.nextInt(16);
  }

  // ---- all instructions

  private void encodeAll() {
    addresses();
    for (int i = 0; i < EACH; i++) {
      for (boolean wide : new boolean[] {false, true}) {
        int value = CONSTANTS[i % CONSTANTS.length];
        moves(wide, register(), register());
        arithmetic(wide, register(), register());
        constants(wide, register(), register(), value);
        constantsInMemory(wide, value);
        oneOperand(wide, register());
      }
      memoryMoves(register());
      extensions(register(), register());
      bytes(register(), register());
      vectors(register(), register());
      jumps(register(), i % 16);
      alignment(i);
    }
  }

  private void addresses() {
    for (int base = 0; base < 16; base++) {
      for (int index = -1; index < 16; index++) {
        for (int disp : CONSTANTS) {
          int scale = index < 0 ? 0 : random.nextInt(4);
          String at = index == Assembler.RSP ? memory() : memory(base, index, scale, disp);
          int r = register();
          expect("leaM", "lea " + register(true, r) + "," + at, () -> asm.leaM(true, r));
          expect("leaM", "lea " + register(false, r) + "," + at, () -> asm.leaM(false, r));
        }
      }
    }
  }

  private void moves(boolean wide, int d, int s) {
    String both = register(wide, d) + "," + register(wide, s);
    expect("mov", "mov " + both, () -> asm.mov(wide, d, s));
    expect(
        "xchg", "xchg " + register(wide, s) + "," + register(wide, d), () -> asm.xchg(wide, d, s));
    tested.add("move");
    if (d == s) {
      asm.move(d, s);
    } else {
      String whole = register(8, d) + "," + register(8, s);
      expect("move", "mov " + whole, () -> asm.move(d, s));
    }
    long value = random.nextLong() >> random.nextInt(64);
    String name = value >>> 32 == 0 ? register(4, d) : register(8, d);
    String mov = value >>> 32 == 0 || value == (int) value ? "mov " : "movabs ";
    expect("constant", mov + name + "," + hex(value), () -> asm.constant(d, value));
    int cond = d == 1 ? 0 : d;
    expect("cmov", "cmov" + CONDITIONS[cond] + " " + both, () -> asm.cmov(cond, wide, d, s));
  }

  private void arithmetic(boolean wide, int d, int s) {
    String both = register(wide, d) + "," + register(wide, s);
    int op = random.nextInt(ALU.length);
    expect("alu", ALU[op] + " " + both, () -> asm.alu(op, wide, d, s));
    String at = memory();
    expect(
        "aluM",
        ALU[op] + " " + register(wide, d) + "," + size(wide ? 8 : 4) + at,
        () -> asm.aluM(op, wide, d));
    expect("test", "test " + both, () -> asm.test(wide, d, s));
    expect("imul", "imul " + both, () -> asm.imul(wide, d, s));
    expect("op", "imul " + both, () -> asm.op(0x0FAF, wide, d, s));
    expect("op", "popcnt " + both, () -> asm.op(Assembler.PREFIX_F3 | 0x0FB8, wide, d, s));
    String operand = register(wide, d) + "," + size(wide ? 8 : 4) + memory();
    expect("opM", "imul " + operand, () -> asm.opM(0x0FAF, wide, d));
    expect("opM", "popcnt " + operand, () -> asm.opM(Assembler.PREFIX_F3 | 0x0FB8, wide, d));
  }

  private void constants(boolean wide, int d, int s, int value) {
    int op = random.nextInt(ALU.length);
    String text = ALU[op] + " " + register(wide, d) + "," + constant(wide, value);
    expect("aluConstant", text, () -> asm.aluConstant(op, wide, d, value));
    expect("aluConstant32", text, () -> asm.aluConstant32(op, wide, d, value));
    expect(
        "imulConstant",
        "imul " + register(wide, d) + "," + register(wide, s) + "," + constant(wide, value),
        () -> asm.imulConstant(wide, d, s, value));
    expect(
        "testConstant",
        "test " + register(4, d) + "," + constant(false, value),
        () -> asm.testConstant(d, value));
  }

  private void constantsInMemory(boolean wide, int value) {
    int op = random.nextInt(ALU.length);
    String at = memory();
    expect(
        "aluConstantM",
        ALU[op] + " " + size(wide ? 8 : 4) + at + "," + constant(wide, value),
        () -> asm.aluConstantM(op, wide, value));
    expect(
        "storeConstantM",
        "mov " + size(wide ? 8 : 4) + at + "," + constant(wide, value),
        () -> asm.storeConstantM(wide ? 8 : 4, value));
    expect(
        "storeConstantM",
        "mov " + size(1) + at + "," + hex(value & 0xFF),
        () -> asm.storeConstantM(1, value));
    expect(
        "storeConstantM",
        "mov " + size(2) + at + "," + hex(value & 0xFFFF),
        () -> asm.storeConstantM(2, value));
    expect("cmpByteM", "cmp " + size(1) + at + "," + hex(value & 0xFF), () -> asm.cmpByteM(value));
  }

  private void oneOperand(boolean wide, int d) {
    String name = " " + register(wide, d);
    expect("neg", "neg" + name, () -> asm.neg(wide, d));
    expect("not", "not" + name, () -> asm.not(wide, d));
    expect("mul", "mul" + name, () -> asm.mul(wide, d));
    expect("imulWide", "imul" + name, () -> asm.imulWide(wide, d));
    expect("div", "div" + name, () -> asm.div(wide, d));
    expect("idiv", "idiv" + name, () -> asm.idiv(wide, d));
    expect("bswap", "bswap" + name, () -> asm.bswap(wide, d));
    int[] kinds = {Assembler.ROL, Assembler.ROR, Assembler.SHL, Assembler.SHR, Assembler.SAR};
    String[] names = {"rol", "ror", "shl", "shr", "sar"};
    int kind = random.nextInt(kinds.length);
    int count = random.nextInt(wide ? 64 : 32);
    expect(
        "shift",
        names[kind] + name + "," + hex(count),
        () -> asm.shift(kinds[kind], wide, d, count));
    expect("shiftCl", names[kind] + name + ",cl", () -> asm.shiftCl(kinds[kind], wide, d));
  }

  private void memoryMoves(int r) {
    String at = memory();
    expect("loadM", "movzx " + register(4, r) + "," + size(1) + at, () -> asm.loadM(1, r));
    expect("loadM", "movzx " + register(4, r) + "," + size(2) + at, () -> asm.loadM(2, r));
    expect("loadM", "mov " + register(4, r) + "," + size(4) + at, () -> asm.loadM(4, r));
    expect("loadM", "mov " + register(8, r) + "," + size(8) + at, () -> asm.loadM(8, r));
    for (int bytes = 1; bytes <= 8; bytes *= 2) {
      int n = bytes;
      expect("storeM", "mov " + size(n) + at + "," + register(n, r), () -> asm.storeM(n, r));
    }
  }

  private void extensions(int d, int s) {
    String name = register(4, d) + ",";
    expect("zeroExtend", "movzx " + name + register(1, s), () -> asm.zeroExtend(1, d, s));
    expect("zeroExtend", "movzx " + name + register(2, s), () -> asm.zeroExtend(2, d, s));
    expect("zeroExtend", "mov " + name + register(4, s), () -> asm.zeroExtend(4, d, s));
    String wide = register(8, d) + ",";
    expect("signExtend", "movsx " + wide + register(1, s), () -> asm.signExtend(1, d, s));
    expect("signExtend", "movsx " + wide + register(2, s), () -> asm.signExtend(2, d, s));
    expect("signExtend", "movsxd " + wide + register(4, s), () -> asm.signExtend(4, d, s));
  }

  private void bytes(int a, int b) {
    String name = register(1, a);
    expect("op8", "test " + register(1, b) + "," + name, () -> asm.op8(0x84, a, b));
    expect("op8M", "xchg " + size(1) + memory() + "," + name, () -> asm.op8M(0x86, a));
    int cond = b == 1 ? 0 : b;
    expect("setcc", "set" + CONDITIONS[cond] + " " + name, () -> asm.setcc(cond, a));
    expected.put(asm.size() - (a >= Assembler.RSP ? 4 : 3), "movzx " + register(4, a) + "," + name);
  }

  private void vectors(int a, int b) {
    String both = " xmm" + a + ",xmm" + b;
    expect("op", "movaps" + both, () -> asm.op(0x0F28, false, a, b));
    expect("op", "paddb" + both, () -> asm.op(Assembler.PREFIX_66 | 0x0FFC, false, a, b));
    expect("op", "addsd" + both, () -> asm.op(Assembler.PREFIX_F2 | 0x0F58, false, a, b));
    expect("op", "pshufb" + both, () -> asm.op(Assembler.PREFIX_66 | 0x0F3800, false, a, b));
    expect(
        "op",
        "pinsrq xmm" + a + "," + register(8, b) + ",0x1",
        () -> {
          asm.op(Assembler.PREFIX_66 | 0x0F3A22, true, a, b);
          asm.u8(1);
        });
    String at = memory();
    expect("opM", "movups xmm" + a + "," + size(16) + at, () -> asm.opM(0x0F10, false, a));
    expect(
        "opM",
        "movss xmm" + a + "," + size(4) + at,
        () -> asm.opM(Assembler.PREFIX_F3 | 0x0F10, false, a));
    expect(
        "opM",
        "cvtsi2sd xmm" + a + "," + size(8) + at,
        () -> asm.opM(Assembler.PREFIX_F2 | 0x0F2A, true, a));
    expect(
        "opM",
        "pabsd xmm" + a + "," + size(16) + at,
        () -> asm.opM(Assembler.PREFIX_66 | 0x0F381E, false, a));
  }

  private void jumps(int r, int number) {
    int cond = number == 1 ? 0 : number;
    int start = asm.size();
    int jmp = asm.jmp();
    int jcc = asm.jcc(cond);
    int back = asm.jcc(cond);
    int jmpShort = asm.jmpShort();
    int jccShort = asm.jccShort(cond);
    expect("push", "push " + register(8, r), () -> asm.push(r));
    expect("pop", "pop " + register(8, r), () -> asm.pop(r));
    asm.bindShort(jccShort);
    int shortTarget = asm.size();
    expect("jmpRegister", "jmp " + register(8, r), () -> asm.jmpRegister(r));
    asm.bindShort(jmpShort);
    int otherShortTarget = asm.size();
    String at = memory();
    expect("jmpM", "jmp " + size(8) + at, () -> asm.jmpM());
    asm.bind(jcc);
    int target = asm.size();
    expect("ret", "ret", () -> asm.ret());
    asm.bind(jmp);
    int[] callPlace = new int[1];
    expect("call", "call " + hex(start), () -> callPlace[0] = asm.call());
    asm.bindTo(callPlace[0], start);
    expect("cdq", "cdq", () -> asm.cdq(false));
    expect("cdq", "cqo", () -> asm.cdq(true));
    int next = asm.size() + 7;
    String rip = "[rip+" + hex((long) start - next) + "] # " + hex(start);
    expect("ripLea", "lea " + register(8, r) + "," + rip, () -> asm.ripLea(r, start));
    expect("jmpTo", "jmp " + hex(start), () -> asm.jmpTo(start));
    asm.bindTo(back, start);
    expected.put(start, "jmp " + hex(target + 1));
    expected.put(jmp, "j" + CONDITIONS[cond] + " " + hex(target));
    expected.put(jcc, "j" + CONDITIONS[cond] + " " + hex(start));
    expected.put(back, "jmp " + hex(otherShortTarget));
    expected.put(jmpShort, "j" + CONDITIONS[cond] + " " + hex(shortTarget));
    tested.addAll(Set.of("jmp", "jcc", "jmpShort", "jccShort", "bind", "bindShort", "bindTo"));
  }

  private void alignment(int i) {
    String[] nops = {
      "",
      "nop",
      "xchg ax,ax",
      "nop DWORD PTR [rax]",
      "nop DWORD PTR [rax+0x0]",
      "nop DWORD PTR [rax+rax*1+0x0]",
      "nop WORD PTR [rax+rax*1+0x0]",
      "nop DWORD PTR [rax+0x0]",
      "nop DWORD PTR [rax+rax*1+0x0]"
    };
    int alignment = 1 << i % 6;
    int skew = i % alignment;
    int at = asm.size();
    tested.addAll(Set.of("align", "pad", "rewind"));
    asm.align(alignment, skew);
    assertThat((asm.size() + skew) % alignment).isZero();
    assertThat(asm.size() - at).isLessThan(alignment);
    while (at < asm.size()) {
      int n = Math.min(asm.size() - at, 8);
      expected.put(at, nops[n]);
      at += n;
    }
  }
}
