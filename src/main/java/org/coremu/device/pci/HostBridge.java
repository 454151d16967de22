package org.coremu.device.pci;

/**
 * The host bridge of the Intel 440FX chip set (82441FX), function 0 of device 0, by which firmware
 * recognises the machine; its subsystem is that of QEMU's virtual machines, because firmware asks
 * for it before it uses their firmware configuration device.
 *
 * <p>Source: Intel 440FX PCIset data sheet (290549), section 3.2 "PCI Configuration Registers
 * (PMC)"; PCI Local Bus Specification 3.0, section 6.2.
 *
 * <p>Not modelled, but kept as written: shadow RAM control (PAM; RAM below 1 MiB can always be read
 * and written), system management RAM, DRAM rows and timing, the fixed DRAM hole, errors. The turbo
 * and reset control register (93h) is absent; the reset control at port CF9h does its work.
 */
public final class HostBridge implements PciFunction<HostBridge.State> {
  private static final int VENDOR_ID = 0x00;
  private static final int DEVICE_ID = 0x02;
  private static final int COMMAND = 0x04;
  private static final int STATUS = 0x06;
  private static final int REVISION = 0x08;
  private static final int CLASS = 0x0a;
  private static final int LATENCY_TIMER = 0x0d;
  private static final int SUBSYSTEM_VENDOR_ID = 0x2c;
  private static final int SUBSYSTEM_ID = 0x2e;
  private static final int PMC_CONFIGURATION = 0x50;
  private static final int DRAM_CONTROL = 0x57;
  private static final int DRAM_TIMING = 0x58;
  private static final int ATTRIBUTE_MAP = 0x59;
  private static final int ATTRIBUTE_MAPS = 7;
  private static final int ROW_BOUNDARY = 0x60;
  private static final int ROWS = 8;
  private static final int HOLE_CONTROL = 0x68;
  private static final int MULTI_TRANSACTION_TIMER = 0x70;
  private static final int CPU_LATENCY_TIMER = 0x71;
  private static final int SYSTEM_MANAGEMENT_RAM = 0x72;
  private static final int ERROR_COMMAND = 0x90;

  private static final int INTEL = 0x8086;
  private static final int PMC_82441FX = 0x1237;
  private static final int COMMAND_RESET = 0x0006;
  private static final int COMMAND_WRITABLE = 0x0140;
  private static final int STATUS_RESET = 0x0280;
  private static final int HOST_BRIDGE_CLASS = 0x0600;
  private static final int PARAVIRTUAL_VENDOR = 0x1af4;
  private static final int PARAVIRTUAL_MACHINE = 0x1100;

  private final ConfigSpace config =
      new ConfigSpace()
          .set(VENDOR_ID, 2, INTEL, 0)
          .set(DEVICE_ID, 2, PMC_82441FX, 0)
          .set(COMMAND, 2, COMMAND_RESET, COMMAND_WRITABLE)
          .set(STATUS, 2, STATUS_RESET, 0)
          .set(REVISION, 1, 2, 0)
          .set(CLASS, 2, HOST_BRIDGE_CLASS, 0)
          .set(LATENCY_TIMER, 1, 0, 0xf8)
          .set(SUBSYSTEM_VENDOR_ID, 2, PARAVIRTUAL_VENDOR, 0)
          .set(SUBSYSTEM_ID, 2, PARAVIRTUAL_MACHINE, 0)
          .set(PMC_CONFIGURATION, 2, 0, 0xffff)
          .set(DRAM_CONTROL, 1, 1, 0xff)
          .set(DRAM_TIMING, 1, 0, 0xff)
          .set(HOLE_CONTROL, 1, 0, 0xff)
          .set(MULTI_TRANSACTION_TIMER, 1, 0, 0xf8)
          .set(CPU_LATENCY_TIMER, 1, 0x10, 0x1f)
          .set(SYSTEM_MANAGEMENT_RAM, 1, 2, 0x78)
          .set(ERROR_COMMAND, 1, 0, 0xff);

  /**
   * The registers.
   *
   * @param registers all 256 bytes
   */
  public record State(byte[] registers) {}

  /** Makes the bridge as after power-on. */
  public HostBridge() {
    for (int i = 0; i < ATTRIBUTE_MAPS; i++) {
      config.set(ATTRIBUTE_MAP + i, 1, 0, i == 0 ? 0x30 : 0x33);
    }
    for (int i = 0; i < ROWS; i++) {
      config.set(ROW_BOUNDARY + i, 1, 1, 0xff);
    }
  }

  @Override
  public int readConfig(int register, int size) {
    return config.read(register, size);
  }

  @Override
  public void writeConfig(int register, int value, int size) {
    config.write(register, value, size);
  }

  @Override
  public State save() {
    return new State(config.save());
  }

  @Override
  public void restore(State state) {
    config.restore(state.registers);
  }
}
