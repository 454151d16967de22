/*
 * A multiboot kernel that starts the core of x2APIC id 299 and prints what that core reads of its APIC base and id; then that core
 * interrupts this one, wherever the interrupt's vector says. Switches the machine off at the end.
 */
        .code32
        .section .text
        .globl _start
        .align 4
header: .long 0x1badb002, 0, -0x1badb002
_start: mov     $stack, %esp
        mov     $trampoline, %esi       /* a page below 1 MiB for the start-up vector */
        mov     $0x8000, %edi
        mov     $trampoline_end - trampoline, %ecx
        rep movsb
        mov     $0x1b, %ecx
        rdmsr
        call    hex                     /* mode of this core's APIC: c00 and the bootstrap bit 100 */
        mov     $299, %edx              /* INIT, then STARTUP at 0x8000, by the 64-bit command register */
        mov     $0x830, %ecx
        mov     $0x4500, %eax
        wrmsr
        mov     $0x4608, %eax
        wrmsr
wait:   pause
        cmpl    $0, 0x7008
        je      wait
        mov     0x7000, %eax
        call    hex
        mov     0x7004, %eax
        call    hex
pended: pause                           /* vector 0x41 in the IRR, from the logical destination of id 0 */
        mov     $0x822, %ecx
        rdmsr
        test    %eax, %eax
        jz      pended
        call    hex
        mov     $0x604, %dx
        mov     $0x2000, %ax
        out     %ax, %dx
halt:   hlt
        jmp     halt
hex:    mov     %eax, %ebx
        mov     $8, %ecx
1:      rol     $4, %ebx
        mov     %bl, %al
        and     $0xf, %al
        cmp     $10, %al
        sbb     $0x69, %al
        das
        call    put
        loop    1b
        mov     $'\n', %al
put:    mov     %al, %ah
        mov     $0x3fd, %dx
2:      in      %dx, %al
        test    $0x20, %al
        jz      2b
        mov     $0x3f8, %dx
        mov     %ah, %al
        out     %al, %dx
        ret
        .code16
trampoline:
        xor     %ax, %ax
        mov     %ax, %ds
        mov     $0x1b, %ecx
        rdmsr
        mov     %eax, 0x7000
        mov     $0x802, %ecx
        rdmsr
        mov     %eax, 0x7004
        movl    $1, 0x7008
        mov     $0x830, %ecx            /* cluster 0, member 0: fixed, logical, vector 0x41 */
        mov     $1, %edx
        mov     $0x4841, %eax
        wrmsr
3:      hlt
        jmp     3b
trampoline_end:
        .bss
        .space  4096
stack:
