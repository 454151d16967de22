/*
 * A ROM of 64 KiB that runs from the reset vector: it says on COM1 which mode the processor is in, in real, big real,
 * protected and long mode and back in real mode, each time with code of that mode, and switches the machine off.
 * Linked at 0: addresses are offsets in the segment F000, linear ones are larger by ROM.
 */
        .set    ROM, 0xf0000
        .set    CODE32, 0x08
        .set    DATA32, 0x10
        .set    CODE64, 0x18
        .set    CODE16, 0x20
        .set    DATA16, 0x28
        .set    PML4, 0x1000
        .set    PDPT, 0x2000
        .set    STACK, 0x7c00
        .set    HIGH, 0x200000

        .section .text
        .globl  _start
        .code16
/* Prints the string at CS:SI. */
.macro  SAY     text
        mov     $\text, %si
        call    say16
.endm
_start: cli
        cld
        xor     %ax, %ax
        mov     %ax, %ss
        mov     $STACK, %sp
        mov     %ax, %ds
        SAY     real

        /* big real mode: a 4 GiB limit stays in DS when protection is switched off again */
        lgdtl   %cs:gdt_pointer
        mov     %cr0, %eax
        or      $1, %al
        mov     %eax, %cr0
        mov     $DATA32, %bx
        mov     %bx, %ds
        and     $~1, %al
        mov     %eax, %cr0
        addr32 movl $0x12345678, HIGH
        xor     %bx, %bx
        mov     %bx, %ds
        addr32 cmpl $0x12345678, HIGH
        jne     fail
        SAY     bigreal

        mov     %cr0, %eax
        or      $1, %al
        mov     %eax, %cr0
        ljmpl   $CODE32, $ROM + protected32
fail:   SAY     failed
        jmp     off

        .code32
protected32:
        mov     $DATA32, %ax
        mov     %ax, %ds
        mov     %ax, %es
        mov     %ax, %ss
        mov     $STACK, %esp
        mov     $ROM + protected, %esi
        call    say32
        /* one 1 GiB page, mapped where it is */
        movl    $PDPT | 3, PML4
        movl    $0, PML4 + 4
        movl    $0x83, PDPT
        movl    $0, PDPT + 4
        mov     $PML4, %eax
        mov     %eax, %cr3
        mov     %cr4, %eax
        or      $0x20, %eax
        mov     %eax, %cr4
        mov     $0xc0000080, %ecx
        rdmsr
        or      $0x100, %eax
        wrmsr
        mov     %cr0, %eax
        or      $0x80000000, %eax
        mov     %eax, %cr0
        ljmp    $CODE64, $ROM + long64
say32:  mov     $0x3f8, %edx
1:      lodsb
        test    %al, %al
        jz      2f
        out     %al, %dx
        jmp     1b
2:      ret

        .code64
long64: movabs  $0x123456789abcdef0, %rax
        mov     %rax, %r15
        shr     $32, %r15
        cmp     $0x12345678, %r15d
        jne     3f
        lea     long_(%rip), %rsi
        mov     $0x3f8, %edx
1:      lodsb
        test    %al, %al
        jz      2f
        out     %al, %dx
        jmp     1b
2:      mov     $ROM + far16, %eax
        ljmp    *(%rax)
3:      hlt
        jmp     3b

        /* compatibility mode with 16-bit code, then out of long mode, paging and protection */
        .code16
compatibility:
        mov     $DATA16, %ax
        mov     %ax, %ds
        mov     %ax, %ss
        mov     %cr0, %eax
        and     $0x7fffffff, %eax
        mov     %eax, %cr0
        mov     $0xc0000080, %ecx
        rdmsr
        and     $~0x100, %eax
        wrmsr
        mov     %cr0, %eax
        and     $~1, %al
        mov     %eax, %cr0
        ljmp    $0xf000, $back
back:   xor     %ax, %ax
        mov     %ax, %ds
        mov     %ax, %ss
        mov     $STACK, %sp
        /* an interrupt through the vector table */
        movw    $handler, 0x21 * 4
        movw    %cs, 0x21 * 4 + 2
        int     $0x21
off:    mov     $0x604, %dx
        mov     $0x2000, %ax
        out     %ax, %dx
halt:   hlt
        jmp     halt
handler:
        SAY     again
        iret
say16:  mov     $0x3f8, %dx
1:      lodsb   %cs:(%si), %al
        test    %al, %al
        jz      2f
        out     %al, %dx
        jmp     1b
2:      ret

real:   .asciz  "real\n"
bigreal: .asciz "big real\n"
protected: .asciz "protected\n"
long_:  .asciz  "long\n"
again:  .asciz  "real again\n"
failed: .asciz  "failed\n"

        .align  8
far16:  .long   compatibility
        .word   CODE16
        .align  8
gdt:    .quad   0
        .quad   0x00cf9b000000ffff
        .quad   0x00cf93000000ffff
        .quad   0x00af9b000000ffff
        .quad   0x00009b0f0000ffff
        .quad   0x000093000000ffff
gdt_pointer:
        .word   . - gdt - 1
        .long   ROM + gdt

        .org    0xfff0
        ljmp    $0xf000, $_start
        .org    0xffff
        .byte   0
