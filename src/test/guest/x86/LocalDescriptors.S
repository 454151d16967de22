# LDT, conforming code, VERR and VERW, ARPL, SLDT, STR, and a task gate, which is refused.
# log: 60 38
# log: 77
# log: 1 1 0
# log: 1 2
# log: d c 0
# log: d 7a 0
#include "start.inc"
.set LDT_AT, 0x20000
START
  TO_PROTECTED
  # 0x60: the LDT. Its entry 0x04: data; 0x0C: conforming code, readable
  mov dword ptr [free_descriptors + 8], 0x0000000F
  mov dword ptr [free_descriptors + 12], 0x00008202
  mov dword ptr [LDT_AT], 0x0000FFFF
  mov dword ptr [LDT_AT + 4], 0x00009203
  mov dword ptr [LDT_AT + 8], 0x0000FFFF
  mov dword ptr [LDT_AT + 12], 0x00CF9E00
  mov ax, SEL_FREE + 8
  lldt ax
  sldt eax
  movzx eax, ax
  LOG32 eax
  str eax
  movzx eax, ax
  LOG32 eax
  mov byte ptr [0x30010], 0x77
  mov ax, 4
  mov es, ax
  movzx eax, byte ptr es:[0x10]     # its base is 0x30000
  LOG32 eax
  mov ax, 4
  verr ax
  setz al
  movzx eax, al
  LOG32 eax
  mov ax, 4
  verw ax
  setz al
  movzx eax, al
  LOG32 eax
  mov ax, 0xC
  verw ax
  setz al
  movzx eax, al
  LOG32 eax
  mov ax, 0x10
  mov cx, 2
  arpl ax, cx
  setz cl
  movzx ecx, cl
  LOG32 ecx
  and eax, 3
  LOG32 eax
  mov eax, 0xC
  TRY32 mov ss, ax                  # code is no stack
  mov dword ptr [IDT_AT + 8 * 0xF], SEL_TSS << 16
  mov dword ptr [IDT_AT + 8 * 0xF + 4], 0x8500
  TRY32 int 0xF
END
#include "handlers.inc"
