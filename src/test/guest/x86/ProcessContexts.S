# PCID: bits 11:0 of CR3, bit 63 that keeps translations, INVPCID; global pages survive a load of CR3, but not CR4.PGE.
# log: 1005
# log: 22
# log: 33
# log: 44
# log: d 0 0
# log: 55
#include "start.inc"
.macro REMAP to                     # page 0x30000 becomes another page
  mov dword ptr [PT_AT + 0x30 * 8], \to + 7
.endm
START
  TO_LONG
  mov qword ptr [0x31000], 0x11
  mov qword ptr [0x32000], 0x22
  mov qword ptr [0x33000], 0x33
  mov qword ptr [0x34000], 0x44
  mov qword ptr [0x35000], 0x55
  mov rax, cr4
  or eax, CR4_PCIDE | CR4_PGE
  mov cr4, rax
  mov eax, PML4_AT + 5
  mov cr3, rax
  mov rax, cr3
  LOG rax
  REMAP 0x31000
  mov rax, [0x30000]
  REMAP 0x32000
  mov eax, PML4_AT + 5              # bit 63 clear: translations of this PCID go
  mov cr3, rax
  mov rax, [0x30000]
  LOG rax
  REMAP 0x33000
  mov qword ptr [0x36000], 5        # INVPCID type 0: one address of PCID 5
  mov qword ptr [0x36008], 0x30000
  xor ecx, ecx
  invpcid rcx, [0x36000]
  mov rax, [0x30000]
  LOG rax
  REMAP 0x34000
  mov ecx, 2                        # type 2: everything
  invpcid rcx, [0x36000]
  mov rax, [0x30000]
  LOG rax
  mov ecx, 4
  TRY invpcid rcx, [0x36000]
  mov dword ptr [PT_AT + 0x30 * 8], 0x35000 + 0x107
  mov rax, cr4                      # a change of CR4.PGE drops global translations as well
  and eax, ~CR4_PGE
  mov cr4, rax
  mov rax, [0x30000]
  LOG rax
END
#include "handlers.inc"
