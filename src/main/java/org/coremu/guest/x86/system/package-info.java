/**
 * The system half of the x86 guest: paging, segmentation, exceptions and interrupts, far transfers,
 * control and model-specific registers, CPUID, I/O, state images (Intel SDM vol. 3A). Each class
 * works on one core through {@link org.coremu.guest.x86.X86}; instruction families call it through
 * helpers.
 */
package org.coremu.guest.x86.system;
