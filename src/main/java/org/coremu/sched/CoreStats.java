package org.coremu.sched;

/**
 * What a core has done so far, up to its last quantum's end.
 *
 * @param core its index
 * @param instructions guest instructions executed
 * @param wallNanos host time that workers spent running it, in nanoseconds
 * @param quanta times that a worker took it
 * @param yields times that it said it only waits
 * @param wakeUps times that it was woken from halt
 */
public record CoreStats(
    int core, long instructions, long wallNanos, long quanta, long yields, long wakeUps) {}
