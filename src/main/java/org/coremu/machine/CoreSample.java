package org.coremu.machine;

import org.coremu.sched.Activity;

/**
 * What one core is doing, and what it has done since power-on. Counters are those of the last
 * quantum's end, or a little newer.
 *
 * @param core its number
 * @param activity what it is doing
 * @param worker the host worker that runs it, or -1
 * @param ahead instructions it is ahead of the slowest runnable core
 * @param pc linear address where its last quantum ended
 * @param instructions guest instructions retired
 * @param hostNanos host time that workers spent on it, in nanoseconds
 * @param interrupts interrupts delivered (not exceptions)
 * @param exits times that machine code came back to Java; 0 without the native tier
 * @param tlbFills entries put into its software TLB
 * @param yields quanta given away because it only waited for another core
 * @param wakeUps times that it was woken from halt
 * @param boosts times that it was put before the others because it was woken
 */
public record CoreSample(
    int core,
    Activity activity,
    int worker,
    long ahead,
    long pc,
    long instructions,
    long hostNanos,
    long interrupts,
    long exits,
    long tlbFills,
    long yields,
    long wakeUps,
    long boosts) {}
