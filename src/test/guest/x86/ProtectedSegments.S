# 32-bit protected mode: limits, types, privilege and presence of segments, with the error code of each fault.
# log: d 0 0
# log: c 0 0
# log: d 0 0
# log: d 0 0
# log: b 58 0
# log: c 58 0
# log: d 60 0
# log: d 1000 0
# log: d 68 0
# log: aa
# log: d 0 0
# log: d 0 0
# log: bb
# log: 60 ffff c09b00 0
#include "start.inc"
START
  TO_PROTECTED
  # 0x58: data, limit 0xFFF, not present; 0x60: code, execute only is not readable; 0x68: expand-down data above 0x7FFF
  mov dword ptr [free_descriptors], 0x00000FFF
  mov dword ptr [free_descriptors+4], 0x00001300
  mov dword ptr [free_descriptors+8], 0x0000FFFF
  mov dword ptr [free_descriptors+12], 0x00009900
  mov dword ptr [free_descriptors+16], 0x00007FFF
  mov dword ptr [free_descriptors+20], 0x00409700
  xor eax, eax
  mov es, ax
  TRY32 mov eax, es:[0x600]      # null selector
  mov ax, SEL_DATA16
  mov bx, SEL_DATA
  mov ecx, 0x10000
  mov fs, ax
  mov edx, esp
  mov ss, ax
  TRY32 mov eax, ss:[ecx]        # #SS above the limit
  mov ss, bx
  mov esp, edx
  TRY32 mov eax, fs:[ecx]
  TRY32 mov cs:[0x600], eax      # code is never writable
  mov ax, SEL_FREE
  TRY32 mov es, ax               # not present
  TRY32 mov ss, ax
  mov ax, SEL_FREE + 8
  TRY32 mov es, ax               # not readable
  mov ax, 0x1000
  TRY32 mov es, ax               # beyond the table
  or byte ptr [free_descriptors+21], 0x60
  mov dl, 0xAA
  mov ax, (SEL_FREE + 16) | 3
  TRY32 mov ss, ax               # RPL is not CPL
  mov ax, SEL_FREE + 16
  mov es, ax                     # DPL 3, fine for data
  movzx eax, dl
  LOG32 eax
  TRY32 mov eax, es:[0x7FFC]     # below an expand-down segment
  TRY32 mov es:[0x7FFE], eax     # straddles its lower end
  mov eax, es:[0x8000]
  mov eax, 0xBB
  LOG32 eax
  mov cx, SEL_FREE + 8
  lsl eax, ecx
  movzx edx, cx
  LOG32 edx
  LOG32 eax
  mov dword ptr [free_descriptors+12], 0x00CF9B00
  lar eax, ecx
  and eax, 0x00F0FF00
  LOG32 eax
  mov ecx, 0x1000
  lar eax, ecx
  setz al
  movzx eax, al
  LOG32 eax
END
#include "handlers.inc"
