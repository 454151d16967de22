/**
 * Runs emulated cores on host threads, and makes their time.
 *
 * <p>{@link org.coremu.sched.Scheduler} hands cores to host workers for a quantum of instructions
 * at a time: in parallel ({@link org.coremu.sched.ParallelRun}: the furthest behind first, within a
 * bound of skew) or in serial rounds ({@link org.coremu.sched.SerialRun}: fixed order,
 * deterministic). {@link org.coremu.sched.VirtualClock} is the machine's clock and timers; how its
 * time runs is a {@link org.coremu.sched.TimeSource}. {@link org.coremu.sched.StopTheCores} lets
 * one core act while no other executes.
 */
package org.coremu.sched;
