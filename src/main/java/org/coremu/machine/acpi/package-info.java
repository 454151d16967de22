/**
 * ACPI tables, generated from what the board has registered ({@link
 * org.coremu.machine.acpi.AcpiBoard}) and from nothing else, so that they cannot disagree with it.
 * One table per file; {@link org.coremu.machine.acpi.Aml} is the assembler for the DSDT. Source
 * throughout: ACPI Specification 6.4, whose field names are used.
 */
package org.coremu.machine.acpi;
