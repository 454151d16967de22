package org.coremu.guest.x86.system;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.coremu.guest.x86.Feature;
import org.coremu.guest.x86.X86;
import org.coremu.guest.x86.X86Model;
import org.coremu.guest.x86.X86State;
import org.coremu.guest.x86.X86Topology;

/**
 * CPUID (SDM vol. 2, CPUID). Says what is implemented and nothing else.
 *
 * <p>Vendor, family and model are those of an in-order processor without speculation: it has none
 * of the flaws that operating systems mitigate at a cost, and the vendor is the one whose leaf 15H
 * operating systems believe, so that they do not calibrate the TSC. The hypervisor bit is set, as
 * the cores may be scheduled away.
 */
public final class Cpuid {
  /** Family 6, model 36H, stepping 1; RDX after reset. */
  static final int SIGNATURE = 0x30661;

  private static final String VENDOR = "GenuineIntel";
  private static final String HYPERVISOR = "coremucoremu";
  private static final int MAX_BASIC = 0x1f;
  private static final int HYPERVISOR_BASE = 0x4000_0000;

  /**
   * Where a machine with APIC ids beyond eight bits offers a second interface: KVM's, whose feature
   * bits are the way to tell a guest that they work without interrupt remapping (ADR 8).
   */
  private static final int KVM_BASE = HYPERVISOR_BASE + 0x100;

  private static final String KVM = "KVMKVMKVM\0\0\0";

  /** KVM_FEATURE_MSI_EXT_DEST_ID; no other feature of KVM's is there. */
  private static final int KVM_EXTENDED_DESTINATIONS = 1 << 15;

  private static final int MAX_EXTENDED = 0x8000_0008;
  private static final int CACHE_LINE = 64;
  private static final int TSC_HERTZ = 1_000_000_000;
  private static final int TSC_MEGAHERTZ = 1000;

  /** Size of an XSAVE area for x87 and SSE state. */
  private static final int XSAVE_BYTES = 576;

  private final X86 x86;
  private final X86Model model;
  private final X86Topology topology;
  private int eax;
  private int ebx;
  private int ecx;
  private int edx;

  private Cpuid(X86 x86) {
    this.x86 = x86;
    model = x86.config.model();
    topology = x86.config.topology();
  }

  /** Executes CPUID. */
  public static void execute(X86 x86) {
    Cpuid leaf = new Cpuid(x86);
    leaf.look((int) x86.get(X86State.RAX), (int) x86.get(X86State.RCX));
    x86.put(X86State.RAX, leaf.eax & 0xffff_ffffL);
    x86.put(X86State.RBX, leaf.ebx & 0xffff_ffffL);
    x86.put(X86State.RCX, leaf.ecx & 0xffff_ffffL);
    x86.put(X86State.RDX, leaf.edx & 0xffff_ffffL);
  }

  private void set(int a, int b, int c, int d) {
    eax = a;
    ebx = b;
    ecx = c;
    edx = d;
  }

  private void look(int asked, int sub) {
    int leaf = asked;
    boolean basic = leaf >= 0 && leaf < HYPERVISOR_BASE;
    boolean hypervisor = leaf >= HYPERVISOR_BASE && leaf < KVM_BASE + 0x100;
    boolean extended = leaf >>> 16 == 0x8000 && leaf <= MAX_EXTENDED;
    if (basic ? leaf > MAX_BASIC : !hypervisor && !extended) {
      // Beyond the last leaf, the data of the last basic one (SDM vol. 2, CPUID).
      leaf = MAX_BASIC;
    }
    switch (leaf) {
      case 0 -> text(VENDOR, MAX_BASIC, true);
      case 1 -> features();
      case 2 -> set(0x00ff_ff01, 0, 0, 0);
      case 4 -> caches(sub);
      case 6 -> set(1 << 2, 0, 0, 0);
      case 7 -> moreFeatures(sub);
      case 0xb, 0x1f -> topology(sub);
      case 0xd -> extendedState(sub);
      case 0x15 -> set(1, 1, TSC_HERTZ, 0);
      case 0x16 -> set(TSC_MEGAHERTZ, TSC_MEGAHERTZ, 100, 0);
      case HYPERVISOR_BASE -> text(HYPERVISOR, HYPERVISOR_BASE, false);
      case KVM_BASE -> {
        if (topology.needsX2Apic()) {
          text(KVM, KVM_BASE + 1, false);
        } else {
          set(0, 0, 0, 0);
        }
      }
      case KVM_BASE + 1 -> set(topology.needsX2Apic() ? KVM_EXTENDED_DESTINATIONS : 0, 0, 0, 0);
      case 0x8000_0000 -> set(MAX_EXTENDED, 0, 0, 0);
      case 0x8000_0001 -> extendedFeatures();
      case 0x8000_0002, 0x8000_0003, 0x8000_0004 -> brand(leaf - 0x8000_0002);
      case 0x8000_0006 -> set(0, 0, 1024 << 16 | 8 << 12 | CACHE_LINE, 0);
      case 0x8000_0007 -> set(0, 0, 0, 1 << 8);
      case 0x8000_0008 -> set(X86.PHYSICAL_BITS | 48 << 8, 0, 0, 0);
      default -> set(0, 0, 0, 0);
    }
  }

  private void text(String name, int max, boolean vendorOrder) {
    ByteBuffer bytes = ascii(name);
    int first = bytes.getInt(0);
    int second = bytes.getInt(4);
    int third = bytes.getInt(8);
    set(max, first, vendorOrder ? third : second, vendorOrder ? second : third);
  }

  private void brand(int part) {
    String name =
        "coremu virtual CPU, " + model.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
    ByteBuffer bytes = ascii(String.format("%-48s", name).replaceAll(" *$", "\0".repeat(48)));
    int at = part * 16;
    set(bytes.getInt(at), bytes.getInt(at + 4), bytes.getInt(at + 8), bytes.getInt(at + 12));
  }

  private static ByteBuffer ascii(String s) {
    return ByteBuffer.wrap(s.getBytes(StandardCharsets.US_ASCII)).order(ByteOrder.LITTLE_ENDIAN);
  }

  private int bit(Feature feature, int bit) {
    return model.has(feature) ? 1 << bit : 0;
  }

  private boolean level2() {
    return model.has(Feature.SSE42);
  }

  private void features() {
    int c =
        bit(Feature.SSE3, 0)
            | bit(Feature.PCLMUL, 1)
            | bit(Feature.MONITOR, 3)
            | bit(Feature.SSSE3, 9);
    c |=
        (level2() ? 1 << 13 : 0)
            | bit(Feature.INVPCID, 17)
            | bit(Feature.SSE41, 19)
            | bit(Feature.SSE42, 20);
    c |=
        bit(Feature.MOVBE, 22)
            | bit(Feature.POPCNT, 23)
            | bit(Feature.AES, 25)
            | bit(Feature.XSAVE, 26);
    // x2APIC, TSC deadline, hypervisor
    c |= bit(Feature.RDRAND, 30) | 1 << 21 | 1 << 24 | 1 << 31;
    c |= (x86.get(X86State.CR4) & Bits.CR4_OSXSAVE) != 0 ? 1 << 27 : 0;
    // DE PSE TSC MSR PAE MCE APIC SEP MTRR PGE MCA CMOV PAT PSE36 CLFLUSH
    int d = 0x000b_fafc;
    d |= bit(Feature.FPU, 0) | bit(Feature.CX8, 8) | bit(Feature.MMX, 23) | bit(Feature.FXSR, 24);
    d |= bit(Feature.SSE, 25) | bit(Feature.SSE2, 26);
    int threads = 1 << topology.packageShift();
    d |= threads > 1 ? 1 << 28 : 0;
    int b = CACHE_LINE / 8 << 8 | Math.min(threads, 255) << 16 | topology.apicId() << 24;
    set(SIGNATURE, b, c, d);
  }

  private void moreFeatures(int sub) {
    if (sub != 0) {
      set(0, 0, 0, 0);
      return;
    }
    // TSC_ADJUST, ERMS
    int b = 1 << 1 | 1 << 9;
    b |= bit(Feature.FSGSBASE, 0) | bit(Feature.INVPCID, 10) | bit(Feature.RDSEED, 18);
    b |=
        bit(Feature.SMAP, 7)
            | bit(Feature.SMAP, 20)
            | bit(Feature.CLFLUSHOPT, 23)
            | bit(Feature.CLWB, 24);
    set(0, b, bit(Feature.SMAP, 2) | bit(Feature.RDPID, 22), 0);
  }

  private void extendedFeatures() {
    // LAHF, PREFETCHW; SYSCALL, NX, 1 GB pages, long mode
    int c = (level2() ? 1 : 0) | 1 << 8;
    set(0, 0, c, 1 << 11 | 1 << 20 | 1 << 26 | bit(Feature.RDTSCP, 27) | 1 << 29);
  }

  private void caches(int sub) {
    int threadShare = (1 << topology.threadBits()) - 1;
    int packageShare = Math.min((1 << topology.packageShift()) - 1, 4095);
    switch (sub) {
      case 0 -> cache(1, 1, threadShare, 8, 64);
      case 1 -> cache(2, 1, threadShare, 8, 64);
      case 2 -> cache(3, 2, threadShare, 8, 2048);
      case 3 -> cache(3, 3, packageShare, 16, 16384);
      default -> set(0, 0, 0, 0);
    }
  }

  /** One cache; {@code type} is 1 for data, 2 for instructions, 3 for both. */
  private void cache(int type, int level, int share, int ways, int sets) {
    int cores = Math.min((1 << topology.packageShift() - topology.threadBits()) - 1, 63);
    set(
        type | level << 5 | 1 << 8 | share << 14 | cores << 26,
        CACHE_LINE - 1 | ways - 1 << 22,
        sets - 1,
        0);
  }

  private void topology(int sub) {
    switch (sub) {
      case 0 -> set(topology.threadBits(), topology.threads(), 1 << 8, topology.apicId());
      case 1 ->
          set(
              topology.packageShift(),
              topology.threads() * topology.cores(),
              1 | 2 << 8,
              topology.apicId());
      default -> set(0, 0, sub & 0xff, topology.apicId());
    }
  }

  private void extendedState(int sub) {
    if (!model.has(Feature.XSAVE)) {
      set(0, 0, 0, 0);
    } else if (sub == 0) {
      set(3, XSAVE_BYTES, XSAVE_BYTES, 0);
    } else if (sub == 1) {
      set(bit(Feature.XSAVEOPT, 0) | bit(Feature.XSAVEC, 1), 0, 0, 0);
    } else {
      set(0, 0, 0, 0);
    }
  }
}
