package org.coremu.device.pci;

import java.util.HashMap;
import java.util.Map;
import org.coremu.hw.PortDevice;
import org.coremu.hw.Saveable;

/**
 * PCI configuration mechanism 1: the address register at port CF8h (offset 0) and the data window
 * at CFCh (offset 4), for the functions of bus 0.
 *
 * <p>Source: PCI Local Bus Specification 3.0, section 3.2.2.3.2. Only doubleword accesses reach the
 * address register; the byte at CF9h is the chip set's reset control. A function that does not
 * exist reads as all ones.
 *
 * <p>Not modelled: buses behind bridges, special cycles, interrupts of functions.
 */
public final class ConfigMechanism implements PortDevice, Saveable<ConfigMechanism.State> {
  /** How many ports the mechanism takes. */
  public static final int PORTS = 8;

  private static final int ADDRESS = 0;
  private static final int RESET_CONTROL = 1;
  private static final int DATA = 4;

  private static final int ENABLE = 1 << 31;
  private static final int ADDRESS_WRITABLE = ENABLE | 0xff_fffc;
  private static final int FUNCTION_SHIFT = 8;
  private static final int REGISTER = 0xfc;

  private final PortDevice resetControl;
  private final Map<Integer, PciFunction<?>> functions = new HashMap<>();
  private int address;

  /**
   * The address register; functions are saved by themselves.
   *
   * @param address as written
   */
  public record State(int address) {}

  /**
   * Makes the mechanism for a bus without functions.
   *
   * @param resetControl answers byte accesses to port CF9h, as its offset 0
   */
  public ConfigMechanism(PortDevice resetControl) {
    this.resetControl = resetControl;
  }

  /** Puts a function on bus 0; before the machine starts. */
  public ConfigMechanism attach(int device, int function, PciFunction<?> what) {
    functions.put(device << 3 | function, what);
    return this;
  }

  @Override
  public int read(int offset, int size) {
    if (offset == RESET_CONTROL && size == 1) {
      return resetControl.read(0, 1);
    }
    synchronized (this) {
      if (offset >= DATA) {
        PciFunction<?> function = selected(offset, size);
        return function == null ? -1 : function.readConfig(register(offset), size);
      }
      return offset == ADDRESS && size == 4 ? address : -1;
    }
  }

  @Override
  public void write(int offset, int value, int size) {
    if (offset == RESET_CONTROL && size == 1) {
      resetControl.write(0, value, 1);
      return;
    }
    synchronized (this) {
      if (offset >= DATA) {
        PciFunction<?> function = selected(offset, size);
        if (function != null) {
          function.writeConfig(register(offset), value, size);
        }
      } else if (offset == ADDRESS && size == 4) {
        address = value & ADDRESS_WRITABLE;
      }
    }
  }

  /** The function an access to the window reaches; none if it goes beyond the window's end. */
  private PciFunction<?> selected(int offset, int size) {
    return (address & ENABLE) == 0 || offset + size > PORTS
        ? null
        : functions.get((address & ~ENABLE) >>> FUNCTION_SHIFT);
  }

  private int register(int offset) {
    return address & REGISTER | offset & 3;
  }

  @Override
  public synchronized State save() {
    return new State(address);
  }

  @Override
  public synchronized void restore(State state) {
    address = state.address;
  }
}
