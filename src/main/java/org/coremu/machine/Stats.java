package org.coremu.machine;

import java.util.List;

/**
 * What a machine has done since it started; counters only grow, but for {@code codeBytes}.
 *
 * @param tier how guest code is executed
 * @param wallNanos host time from start to now, or to the end, in nanoseconds
 * @param guestNanos virtual time that has passed for the guest, in nanoseconds
 * @param instructions guest instructions retired on all cores
 * @param coreInstructions the same for each core, in the order of their numbers
 * @param interrupts interrupts delivered to cores (not exceptions)
 * @param exits times that machine code came back to Java; 0 without the native tier
 * @param tlbFills entries put into software TLBs
 * @param tlbFlushes flushes of software TLBs, whole or of one context
 * @param translatedBlocks blocks of guest code translated, traces included
 * @param traces translations of code that is executed a lot, through its likely branches
 * @param invalidations translated blocks thrown away because their code changed
 * @param codeBytes bytes of machine code at present; 0 without the native tier
 * @param evictions times that translated code was dropped to make room: a segment of machine code,
 *     or all of the interpreter's
 * @param maxSkew instructions that a core was ahead of the slowest runnable one, at most
 * @param yields quanta that cores gave away because they only waited
 * @param wakeUps times that cores were woken from halt
 * @param boosts times that a core was put before the others because it was woken
 * @param affinity host CPUs that the workers are pinned to; empty if they are not
 */
public record Stats(
    Tier tier,
    long wallNanos,
    long guestNanos,
    long instructions,
    List<Long> coreInstructions,
    long interrupts,
    long exits,
    long tlbFills,
    long tlbFlushes,
    long translatedBlocks,
    long traces,
    long invalidations,
    long codeBytes,
    long evictions,
    long maxSkew,
    long yields,
    long wakeUps,
    long boosts,
    List<Integer> affinity) {
  /** Keeps its own copies of the lists. */
  public Stats {
    affinity = List.copyOf(affinity);
    coreInstructions = List.copyOf(coreInstructions);
  }

  /** Millions of guest instructions per second of host time; 0 before any time has passed. */
  public double mips() {
    return wallNanos == 0 ? 0 : instructions * 1e3 / wallNanos;
  }
}
