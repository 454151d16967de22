package org.coremu.guest.x86;

import org.coremu.hw.Clock;
import org.coremu.hw.GuestLog;
import org.coremu.hw.Inputs;
import org.coremu.mem.PortBus;

/**
 * What an x86 core is made with. Its local APIC is connected afterwards, with {@code X86.attach}.
 *
 * @param model instruction set and CPUID
 * @param topology place in the machine
 * @param ports I/O ports
 * @param clock the TSC counts its nanoseconds
 * @param inputs randomness for RDRAND and RDSEED
 * @param log where {@code -d unimp}, {@code int} and {@code guest_errors} go
 * @param tripleFault called on the core's thread when a third fault shuts it down
 */
public record X86Config(
    X86Model model,
    X86Topology topology,
    PortBus ports,
    Clock clock,
    Inputs inputs,
    GuestLog log,
    Runnable tripleFault) {}
