package org.coremu.guest.x86;

/**
 * Where a core stands in its machine, as CPUID tells. The x2APIC id is made of thread, core and
 * package fields, each wide enough for its count (SDM vol. 3A, 8.9).
 *
 * @param index number of the core in the machine, 0 or more; 0 is the bootstrap processor
 * @param sockets packages in the machine
 * @param cores cores in a package
 * @param threads threads in a core
 */
public record X86Topology(int index, int sockets, int cores, int threads) {
  /** The first x2APIC id that is none of an xAPIC: 255 means all of them there. */
  public static final int FIRST_X2APIC_ONLY_ID = 255;

  /** Low bits of the x2APIC id that tell the threads of a core apart. */
  public int threadBits() {
    return bits(threads);
  }

  /** Low bits of the x2APIC id that tell the threads of a package apart. */
  public int packageShift() {
    return threadBits() + bits(cores);
  }

  /** The x2APIC id of this core. */
  public int apicId() {
    int thread = index % threads;
    int core = index / threads % cores;
    int socket = index / threads / cores;
    return socket << packageShift() | core << threadBits() | thread;
  }

  /** Whether the machine has x2APIC ids that no APIC in xAPIC mode can have. */
  public boolean needsX2Apic() {
    int last = sockets * cores * threads - 1;
    return new X86Topology(last, sockets, cores, threads).apicId() >= FIRST_X2APIC_ONLY_ID;
  }

  /** Whether this is the bootstrap processor. */
  public boolean bootstrap() {
    return index == 0;
  }

  private static int bits(int count) {
    return 32 - Integer.numberOfLeadingZeros(count - 1);
  }
}
