package org.coremu.sched;

/**
 * What a core is doing, and what it has done so far, up to its last quantum's end.
 *
 * @param core its index
 * @param activity what it is doing
 * @param worker the worker that runs it, or -1
 * @param ahead how many instructions it is ahead of the slowest runnable core; 0 if it is halted,
 *     and in serial rounds
 * @param pc linear address where its last quantum ended
 * @param instructions guest instructions executed
 * @param wallNanos host time that workers spent running it, in nanoseconds
 * @param quanta times that a worker took it
 * @param yields times that it said it only waits
 * @param wakeUps times that it was woken from halt
 * @param boosts times that it was put before the others because it was woken
 */
public record CoreStats(
    int core,
    Activity activity,
    int worker,
    long ahead,
    long pc,
    long instructions,
    long wallNanos,
    long quanta,
    long yields,
    long wakeUps,
    long boosts) {}
