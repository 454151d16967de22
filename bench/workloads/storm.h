/* Storms: workloads that go on until somebody sends a line to the serial port, and say every second that they are alive. */
#ifndef STORM_H
#define STORM_H

#include "threads.h"
#include <stdint.h>

/* Whether the storm is to end. */
int storm_over(void);

/* Counts what the calling thread has checked. */
void checked(unsigned thread);

/* Runs the work on every core until the storm is over; it must look at storm_over(). Gives what was checked. */
uint64_t storm(thread_work *work);

#endif
