# 16-bit protected mode: SP rather than ESP and its wrap, 16-bit operands by default, far calls to and from 32-bit code.
# log: 1234fffe 5678
# log: 9abc
# log: 5000d 50
# log: 77 48
# log: 88 8
# log: 7bf0
#include "start.inc"
START
  TO_PROTECTED
  # 0x58: 16-bit data with base 0x20000
  mov dword ptr [free_descriptors], 0x0000FFFF
  mov dword ptr [free_descriptors + 4], 0x00009302
  mov esi, esp
  mov ax, SEL_FREE
  mov ss, ax
  mov esp, 0x12340000
  push word ptr 0x5678              # SP wraps to 0xFFFE; the upper half of ESP stays
  mov edx, esp
  mov ax, SEL_DATA
  mov ss, ax
  mov esp, esi
  mov eax, edx
  LOG32 eax
  movzx eax, word ptr [0x2FFFE]
  LOG32 eax
  mov word ptr [0x20010], 0x9ABC
  mov ax, SEL_FREE
  mov es, ax
  movzx eax, word ptr es:[0x10]
  LOG32 eax
  mov eax, 0x50000
  mov ecx, 0
  .byte 0x9A                        # far call to 16-bit code with a 32-bit frame
  .long routine16
  .word SEL_CODE16
  LOG32 eax
  LOG32 ecx
  mov eax, 0x77
  .byte 0x9A
  .long callback16
  .word SEL_CODE16
  LOG32 edx
  LOG32 ebx
  mov eax, esp
  LOG32 eax
END

  .code16
routine16:
  mov ax, 0xC                       # 16-bit operands: the upper half stays
  inc ax
  mov cx, SEL_DATA16
  .byte 0x66
  retf

callback16:                         # calls 32-bit code from here
  mov bx, cs
  movzx ebx, bx
  mov dword ptr [ebp], eax
  mov dword ptr [ebp+4], 0
  addr32 lea ebp, [ebp+8]
  addr32 mov dword ptr [ebp], ebx
  addr32 mov dword ptr [ebp+4], 0
  addr32 lea ebp, [ebp+8]
  .byte 0x66, 0x9A
  .long routine32
  .word SEL_CODE32
  .byte 0x66
  retf

  .code32
routine32:
  mov edx, 0x88
  mov ebx, cs
  retf
#include "handlers.inc"
