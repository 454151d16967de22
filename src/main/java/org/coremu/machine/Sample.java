package org.coremu.machine;

import java.util.List;

/**
 * A look at a running machine, taken without holding it up: each figure was true just now, but not
 * all of them at the same moment. Two samples give rates.
 *
 * @param stats the machine as a whole
 * @param workers host threads that run cores
 * @param maxSkew the bound of {@link MachineSpec#maxSkew}
 * @param systemCallEntry where the guest's kernel is entered by SYSCALL (core 0's IA32_LSTAR), 0
 *     before it has said so; tells how far a kernel has moved itself from where it was linked
 * @param cores in the order of their numbers
 */
public record Sample(
    Stats stats, int workers, long maxSkew, long systemCallEntry, List<CoreSample> cores) {
  /** Keeps its own copy of the list. */
  public Sample {
    cores = List.copyOf(cores);
  }
}
