/** Tests of the scheduler and of virtual time, with toy cores. */
package org.coremu.sched;
