package org.coremu.exec.nativecode;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * What the host CPU has beyond what every x86-64-v2 has.
 *
 * @param v2 everything of x86-64-v2, without which there is no native tier
 * @param aes AES-NI
 * @param clmul PCLMULQDQ
 */
public record HostFeatures(boolean v2, boolean aes, boolean clmul) {
  /** A host that has all of it. */
  public static final HostFeatures V3 = new HostFeatures(true, true, true);

  /** CPUID leaf 1, ECX (SDM vol. 2, CPUID): SSE3, SSSE3, CX16, SSE4.1, SSE4.2, POPCNT. */
  private static final int V2 = 1 | 1 << 9 | 1 << 13 | 1 << 19 | 1 << 20 | 1 << 23;

  private static final int AES = 1 << 25;
  private static final int CLMUL = 1 << 1;

  /** Whether the host is one that native code can be made for. */
  public static boolean isHostSupported() {
    return System.getProperty("os.arch").equals("amd64")
        && System.getProperty("os.name").equals("Linux")
        && detect().v2;
  }

  /** Asks the host CPU; it must be an x86-64. */
  public static HostFeatures detect() {
    Assembler asm = new Assembler();
    asm.push(Assembler.RBX);
    asm.constant(Assembler.RAX, 1);
    asm.constant(Assembler.RCX, 0);
    asm.u8(0x0F);
    asm.u8(0xA2); // CPUID
    asm.mov(false, Assembler.RAX, Assembler.RCX);
    asm.pop(Assembler.RBX);
    asm.ret();
    try (Arena arena = Arena.ofConfined()) {
      CodeMemory memory = new CodeMemory(arena, 4096);
      memory.write(0, asm.bytes(), asm.size());
      int ecx =
          (int)
              Linker.nativeLinker()
                  .downcallHandle(
                      MemorySegment.ofAddress(memory.address()),
                      FunctionDescriptor.of(ValueLayout.JAVA_INT))
                  .invokeExact();
      return new HostFeatures((ecx & V2) == V2, (ecx & AES) != 0, (ecx & CLMUL) != 0);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new AssertionError("CPUID", e);
    }
  }
}
