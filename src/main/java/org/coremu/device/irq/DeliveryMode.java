package org.coremu.device.irq;

/**
 * What an interrupt message asks of its receiver; ordinals are the encoding (SDM 3A, "Interrupt
 * Command Register").
 */
public enum DeliveryMode {
  FIXED,
  LOWEST_PRIORITY,
  SMI,
  RESERVED,
  NMI,
  INIT,
  STARTUP,
  EXT_INT;

  private static final DeliveryMode[] BY_ENCODING = values();

  /**
   * The mode that stands in bits 10 to 8 of an ICR, LVT entry, redirection entry or MSI data word.
   */
  static DeliveryMode in(int word) {
    return BY_ENCODING[word >>> 8 & 7];
  }
}
