// An instruction of AVX: the emulated processor of 2008 must stop at it, or its test runs prove
// nothing.
int main() { __asm__ volatile("vpxor %xmm0, %xmm0, %xmm0"); }
