# Real mode: INT n, INTO, INT3, divide errors and BOUND through the interrupt table; flags on entry; single stepping.
# log: 21 246 46
# log: 4
# log: 3
# log: 0 0
# log: 5 0
# log: 6 0
# log: 1 1
#include "start.inc"
.macro VECTOR n, at
  mov word ptr [\n * 4], offset \at
  mov word ptr [\n * 4 + 2], 0
.endm
START
  VECTOR 0, on_divide
  VECTOR 1, on_step
  VECTOR 3, on_breakpoint
  VECTOR 4, on_overflow
  VECTOR 5, on_bound
  VECTOR 6, on_undefined
  VECTOR 0x21, on_21
  push 0x246
  popf
  int 0x21
  cli
  mov al, 0x7F
  add al, 1
  into
  xor al, al
  into                     # OF is clear: nothing
  int3
  mov di, offset 1f
  mov si, offset 0f
  xor cx, cx
0: div cx
1:
  mov dword ptr [0x7C20], 0x00100005  # bounds 5 to 16
  mov ax, 4
  mov di, offset 1f
  mov si, offset 0f
0: bound ax, [0x7C20]
1:
  mov ax, 16
  bound ax, [0x7C20]       # inside: nothing
  mov di, offset 1f
  mov si, offset 0f
0: ud2
1:
  mov si, offset 1f
  pushf
  pop ax
  or ax, 0x100
  push ax
  popf
  nop                      # the trap comes after this one
1:
END

on_21:                     # logs the number, the flags that were pushed, the flags here
  mov ax, 0x21
  LOG16 ax
  mov bx, sp
  mov ax, ss:[bx+4]
  LOG16 ax
  pushf
  pop ax
  LOG16 ax
  iret

on_overflow:
  mov ax, 4
  LOG16 ax
  iret

on_breakpoint:
  mov ax, 3
  LOG16 ax
  iret

on_divide:
  xor ax, ax
  jmp fault
on_bound:
  mov ax, 5
  jmp fault
on_undefined:
  mov ax, 6
fault:                     # logs the vector and IP - SI, goes on at DI
  LOG16 ax
  pop ax
  sub ax, si
  LOG16 ax
  push di
  iret

on_step:
  mov ax, 1
  LOG16 ax
  pop bx
  mov ax, bx
  sub ax, si
  inc ax
  LOG16 ax
  pop cx
  pop ax
  and ax, 0xFEFF
  push ax
  push cx
  push bx
  iret
