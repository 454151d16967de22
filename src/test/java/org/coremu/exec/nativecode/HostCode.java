package org.coremu.exec.nativecode;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;

/**
 * Runs pieces of machine code with the host's registers as the test sets them, and shows them
 * afterwards. RSP and RBP belong to the code around the piece.
 */
final class HostCode implements AutoCloseable {
  private static final int GENERAL = 0;
  private static final int VECTOR = 128;
  private static final int MXCSR = VECTOR + 256;
  private static final int OWN_MXCSR = MXCSR + 4;
  private static final int PIECE = MXCSR + 8;
  private static final int BYTES = PIECE + 8;

  private static final int[] SAVED = {
    Assembler.RBX, Assembler.RBP, Assembler.R12, Assembler.R13, Assembler.R14, Assembler.R15
  };

  private static final long SIZE = 8 << 20;

  private final Arena arena = Arena.ofConfined();
  private final MemorySegment registers = arena.allocate(BYTES, 16);
  private final CodeMemory memory;
  private final MethodHandle entry;
  private long free;

  /** Skips the test if this host cannot run the code. */
  HostCode() {
    assumeTrue(hasFeature("sse4_2"), "needs an x86-64 Linux host with SSE4.2");
    memory = new CodeMemory(arena, SIZE);
    entry =
        Linker.nativeLinker()
            .downcallHandle(
                MemorySegment.ofAddress(place(surroundings())),
                FunctionDescriptor.ofVoid(ValueLayout.ADDRESS));
  }

  /** Whether the host's CPU has a feature, by the name that Linux gives it. */
  static boolean hasFeature(String name) {
    Path info = Path.of("/proc/cpuinfo");
    if (!Set.of("amd64", "x86_64").contains(System.getProperty("os.arch")) || !Files.exists(info)) {
      return false;
    }
    try {
      return Files.readAllLines(info).stream()
          .anyMatch(line -> line.startsWith("flags") && (line + " ").contains(" " + name + " "));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Assembler surroundings() {
    Assembler asm = new Assembler();
    for (int register : SAVED) {
      asm.push(register);
    }
    asm.mov(true, Assembler.RBP, Assembler.RDI);
    mxcsr(asm, false, OWN_MXCSR);
    for (int i = 0; i < 16; i++) {
      asm.at(Assembler.RBP, VECTOR + i * 16);
      asm.opM(0x0F10, false, i);
    }
    for (int i = 0; i < 16; i++) {
      if (isFree(i)) {
        asm.at(Assembler.RBP, GENERAL + i * 8);
        asm.loadM(8, i);
      }
    }
    mxcsr(asm, true, MXCSR);
    asm.at(Assembler.RBP, PIECE);
    asm.opM(0xFF, false, 2);
    mxcsr(asm, false, MXCSR);
    mxcsr(asm, true, OWN_MXCSR);
    for (int i = 0; i < 16; i++) {
      asm.at(Assembler.RBP, VECTOR + i * 16);
      asm.opM(0x0F11, false, i);
      if (isFree(i)) {
        asm.at(Assembler.RBP, GENERAL + i * 8);
        asm.storeM(8, i);
      }
    }
    for (int i = SAVED.length - 1; i >= 0; i--) {
      asm.pop(SAVED[i]);
    }
    asm.ret();
    return asm;
  }

  private static boolean isFree(int register) {
    return register != Assembler.RSP && register != Assembler.RBP;
  }

  private static void mxcsr(Assembler asm, boolean load, int at) {
    asm.at(Assembler.RBP, at);
    asm.opM(0x0FAE, false, load ? 2 : 3);
  }

  private long place(Assembler asm) {
    // No place is used twice: the host may have fetched what was there.
    if (free + asm.size() > SIZE) {
      throw new AssertionError("too many pieces");
    }
    memory.write(free, asm.bytes(), asm.size());
    long address = memory.address() + free;
    free += asm.size() + 63 & -64;
    return address;
  }

  /** Takes a piece of code, to which it adds the return. */
  void piece(Assembler asm) {
    asm.ret();
    registers.set(ValueLayout.JAVA_LONG, PIECE, place(asm));
  }

  /** Runs the piece. */
  void run() {
    try {
      entry.invokeExact(registers);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError(e);
    }
  }

  long general(int register) {
    return registers.get(ValueLayout.JAVA_LONG, GENERAL + register * 8L);
  }

  void setGeneral(int register, long value) {
    registers.set(ValueLayout.JAVA_LONG, GENERAL + register * 8L, value);
  }

  /** Half 0 (low) or 1 of an XMM register. */
  long vector(int register, int half) {
    return registers.get(ValueLayout.JAVA_LONG, VECTOR + register * 16L + half * 8L);
  }

  void setVector(int register, int half, long value) {
    registers.set(ValueLayout.JAVA_LONG, VECTOR + register * 16L + half * 8L, value);
  }

  int mxcsr() {
    return registers.get(ValueLayout.JAVA_INT, MXCSR);
  }

  void setMxcsr(int value) {
    registers.set(ValueLayout.JAVA_INT, MXCSR, value);
  }

  @Override
  public void close() {
    arena.close();
  }
}
