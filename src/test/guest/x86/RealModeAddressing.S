# Real mode: segments, 16-bit address forms, far pointers, segment limits of 64 KiB.
# log: 1234 5678 9abc
# log: 4321 2222
# log: beef
# log: 1357 2468
# log: d 1
# log: d 2
#include "start.inc"
START
  mov word ptr [0x10*4 + 0x7D00], 0
  # 13's handler: logs the vector and SI, goes on at DI
  mov word ptr [13*4], offset general_protection
  mov word ptr [13*4+2], 0
  mov ax, 0x1000
  mov es, ax
  mov word ptr es:[0x20], 0x1234
  mov ax, 0x1002
  mov fs, ax
  mov ax, fs:[0]
  LOG16 ax
  mov bx, 0x10
  mov si, 0x08
  mov word ptr es:[0x1C], 0x5678
  mov ax, es:[bx+si+4]
  LOG16 ax
  mov di, 0xFFFF           # offsets wrap at 64 KiB
  mov word ptr es:[0x13], 0x9ABC
  mov ax, es:[bx+di+4]
  LOG16 ax
  mov dword ptr [0x7C20], 0x20004321
  lgs dx, [0x7C20]
  LOG16 dx
  mov ax, 0x2222
  mov word ptr gs:[4], ax
  xor ax, ax
  mov ax, gs:[4]
  LOG16 ax
  call far ptr 0x0800:far_routine - 0x8000
  LOG16 ax
  mov eax, 0x24681357      # a 32-bit push in 16-bit code
  push eax
  pop bx
  pop cx
  LOG16 bx
  LOG16 cx
  mov si, 1
  mov di, offset 1f
  mov ax, es:[0xFFFF]      # a word across the limit
1:
  mov si, 2
  mov di, offset 2f
  mov ebx, 0x10000
  mov ax, es:[ebx]         # a 32-bit offset above the limit
2:
END

far_routine:
  mov ax, 0xBEEF
  retf

general_protection:
  mov ax, 13
  LOG16 ax
  LOG16 si
  pop ax
  push di
  iret
