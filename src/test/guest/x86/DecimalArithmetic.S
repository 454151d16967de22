# Instructions that 64-bit mode does not have: BCD adjustments with their flags, PUSHA, segment pushes, SALC.
# log: 42 212
# log: 97 293
# log: 205 57
# log: 8 57
# log: 409 6
# log: 2b 6
# log: 1111 2222 3333 4444
# log: 7bf0
# log: 1000
# log: ff 0
#include "start.inc"
START
  sti
  mov ax, 0x27
  add al, 0x15              # 0x3C
  daa
  LOG16 ax
  pushf
  pop cx
  and cx, 0x213             # CF and AF; IF stays
  LOG16 cx
  cli
  mov ax, 0x35
  sub al, 0x38              # borrow
  sti
  das
  LOG16 ax
  pushf
  pop cx
  and cx, 0x293
  LOG16 cx
  cli
  mov ax, 0x10F
  or bx, bx
  aaa
  LOG16 ax
  pushf
  pop cx
  and cx, 0x11
  or cx, 0x46
  LOG16 cx
  mov ax, 0x10E
  aas
  LOG16 ax
  pushf
  pop cx
  and cx, 0x11
  or cx, 0x46
  LOG16 cx
  mov ax, 49
  aam
  LOG16 ax
  pushf
  pop cx
  and cx, 0xC6
  LOG16 cx
  mov ax, 0x403
  aad
  LOG16 ax
  pushf
  pop cx
  and cx, 0xC6
  LOG16 cx
  mov ax, 0x1111
  mov cx, 0x2222
  mov dx, 0x3333
  mov bx, 0x4444
  pusha
  xor ax, ax
  xor cx, cx
  xor dx, dx
  xor bx, bx
  popa
  LOG16 ax
  LOG16 cx
  LOG16 dx
  LOG16 bx
  LOG16 sp
  mov ax, 0x1000
  mov ds, ax
  push ds
  pop es
  xor ax, ax
  mov ds, ax
  mov ax, es
  LOG16 ax
  stc
  .byte 0xD6                # SALC
  xor ah, ah
  LOG16 ax
  clc
  .byte 0xD6
  LOG16 ax
END
