package org.coremu.exec;

/**
 * The current instruction is about to change the block it is in: it must run again, alone, before
 * its effects show.
 */
final class BlockRestart extends GuestFault {
  private static final long serialVersionUID = 1;

  static final BlockRestart INSTANCE = new BlockRestart();

  private BlockRestart() {}
}
