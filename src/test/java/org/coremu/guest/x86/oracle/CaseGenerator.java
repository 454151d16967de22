package org.coremu.guest.x86.oracle;

/** A numbered series of cases. */
@FunctionalInterface
interface CaseGenerator {
  /** Case {@code number}, always the same. */
  TestCase generate(long number);
}
