# PAE paging in 32-bit protected mode: page-directory pointers read at the load of CR3, NX, 2 MiB pages, reserved bits.
# log: 5a
# log: e 9 0
# log: e 11 0
# log: 5a
# log: e 0 0
# log: d 0 0
#include "start.inc"
.set POINTERS, 0x20000
.set DIRECTORY, 0x21000
START
  TO_PROTECTED
  mov edi, POINTERS
  mov ecx, 0x2000 / 4
  xor eax, eax
  rep stosd
  mov dword ptr [POINTERS], DIRECTORY + 1
  mov dword ptr [DIRECTORY], 0x87
  mov dword ptr [DIRECTORY + 8], 0x87            # 0x200000 is 0 again
  mov dword ptr [DIRECTORY + 16], 0x2087         # bit 13 is reserved in a 2 MiB page
  mov dword ptr [DIRECTORY + 24], 0x87
  mov dword ptr [DIRECTORY + 28], 0x80000000     # NX
  mov byte ptr [0x30000], 0x5A
  mov eax, CR4_PAE
  mov cr4, eax
  mov ecx, MSR_EFER
  mov eax, EFER_NXE
  xor edx, edx
  wrmsr
  mov eax, POINTERS
  mov cr3, eax
  mov eax, cr0
  or eax, CR0_PG
  mov cr0, eax
  movzx eax, byte ptr [0x230000]
  LOG32 eax
  TRY32 mov al, [0x430000]
  mov dword ptr [ATTEMPT], 0x630000
  mov dword ptr [RESUME], offset 1f
  mov eax, 0x630000
  jmp eax
1:
  mov dword ptr [POINTERS + 8], DIRECTORY + 1    # not seen before CR3 is loaded again
  mov eax, cr3
  mov cr3, eax
  movzx eax, byte ptr [0x40030000]
  LOG32 eax
  TRY32 mov al, [0x80000000]
  mov dword ptr [POINTERS + 16], DIRECTORY + 0x1E7 # reserved bits in a pointer: the load of CR3 faults
  mov eax, cr3
  TRY32 mov cr3, eax
END
#include "handlers.inc"
