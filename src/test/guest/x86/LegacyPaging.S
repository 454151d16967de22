# 32-bit paging: 4 KiB and 4 MiB pages, page-fault error codes, write protection in ring 0, accessed and dirty bits.
# log: 55
# log: e 0 0 800000
# log: e 2 0 800123
# log: e 3 0 11000
# log: 66
# log: 20027 60 20
# log: 77 e7
# log: e 5 0 12000
# log: e 7 0 11004
# log: e 4 0 900000
#include "start.inc"
.set DIRECTORY, 0x20000
.set TABLE, 0x21000
START
  TO_PROTECTED
  mov edi, DIRECTORY
  mov ecx, 0x2000 / 4
  xor eax, eax
  rep stosd
  mov dword ptr [DIRECTORY], TABLE + 7
  mov edi, TABLE
  mov eax, 7
  mov ecx, 1024
1:
  stosd
  add eax, 0x1000
  loop 1b
  mov dword ptr [DIRECTORY + 4], 0x000087     # 4 MiB to 0x400000, of physical 0
  mov dword ptr [TABLE + 0x11 * 4], 0x11005   # read only
  mov dword ptr [TABLE + 0x12 * 4], 0x12003   # ring 0 only
  mov dword ptr [0x10000], 0x55
  mov eax, cr4
  or eax, CR4_PSE
  mov cr4, eax
  mov eax, DIRECTORY
  mov cr3, eax
  mov eax, cr0
  or eax, CR0_PG
  mov cr0, eax
  jmp 1f
1:
  mov eax, [0x410000]
  LOG32 eax
  TRY32 mov eax, [0x800000]
  mov eax, cr2
  LOG32 eax
  TRY32 mov dword ptr [0x800123], eax
  mov eax, cr2
  LOG32 eax
  mov eax, cr0
  or eax, CR0_WP
  mov cr0, eax
  TRY32 mov dword ptr [0x11000], eax
  mov eax, cr2
  LOG32 eax
  mov eax, cr0
  and eax, ~CR0_WP
  mov cr0, eax
  mov dword ptr [0x11000], 0x66               # without WP ring 0 may
  mov eax, [0x11000]
  LOG32 eax
  mov eax, [DIRECTORY]
  and eax, 0xFFFFF03F
  sub eax, 0x1000
  LOG32 eax
  mov eax, [TABLE + 0x11 * 4]
  and eax, 0x60
  LOG32 eax
  mov eax, [TABLE + 0x12 * 4]
  mov eax, [0x14000]
  mov eax, [TABLE + 0x14 * 4]
  and eax, 0x60
  LOG32 eax
  mov eax, 0x77
  LOG32 eax
  mov [0x410004], eax
  mov eax, [DIRECTORY + 4]
  LOG32 eax
  push SEL_USER_DATA
  push STACK_TOP - 0x800
  push 2
  push SEL_USER32
  push offset 1f
  iretd
1:
  mov ax, SEL_USER_DATA
  mov ds, ax
  mov es, ax
  TRY32 mov eax, [0x12000]
  call log_cr2
  TRY32 mov [0x11004], eax
  call log_cr2
  TRY32 mov eax, [0x900000]
  call log_cr2
  mov dword ptr [RESUME], offset 1f
  int 0x80
1:
END

log_cr2:                    # CR2 is for ring 0
  mov dword ptr [RESUME], offset 1f
  int 0x80
1:
  mov ax, SEL_DATA
  mov ds, ax
  mov eax, cr2
  LOG32 eax
  push SEL_USER_DATA
  push STACK_TOP - 0x804
  push 2
  push SEL_USER32
  push offset 1f
  iretd
1:
  mov ax, SEL_USER_DATA
  mov ds, ax
  ret
#include "handlers.inc"
