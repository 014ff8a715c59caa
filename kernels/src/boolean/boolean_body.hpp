#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "lanes.hpp"
#include "quintile/kernels/boolean.hpp"

// A program over bitmaps, a strip of registers at a time. Choosing what a step does costs a few
// cycles, and is the same for every strip, so the processor guesses it; the value on top of the
// stack stays in registers. Strips of 16 wide registers took twice as long as those of 8: fewer
// terms are then on their way from memory at once.
namespace quintile::kernels::QUINTILE_ISA_NS {
namespace {

#define QUINTILE_UNROLL _Pragma("GCC unroll 8")

// A value on the stack: where it is true, and where it may be (true or unknown). AND and OR work
// on both alike, NOT swaps their complements: two instructions each. Without unknown rows both are
// the same, and only the first is kept.
template <class Arch, bool kNulls>
struct Strip {
  using Words = Lanes<std::uint64_t, Arch>;
  static constexpr std::size_t kRegisters = 8 / (kNulls ? 2 : 1);
  static constexpr std::size_t kWords = kRegisters * Words::size;

  Words is_true[kRegisters];
  Words may_be[kNulls ? kRegisters : 1];
};

template <class Arch>
struct And {
  using Words = Lanes<std::uint64_t, Arch>;
  [[gnu::always_inline]] static void join(Words& is_true, Words& may_be, Words other_true,
                                          Words other_may_be) {
    is_true = is_true & other_true;
    may_be = may_be & other_may_be;
  }
};

template <class Arch>
struct Or {
  using Words = Lanes<std::uint64_t, Arch>;
  [[gnu::always_inline]] static void join(Words& is_true, Words& may_be, Words other_true,
                                          Words other_may_be) {
    is_true = is_true | other_true;
    may_be = may_be | other_may_be;
  }
};

template <class Arch>
struct AndNot {
  using Words = Lanes<std::uint64_t, Arch>;
  [[gnu::always_inline]] static void join(Words& is_true, Words& may_be, Words other_true,
                                          Words other_may_be) {
    is_true = xsimd::bitwise_andnot(is_true, other_may_be);
    may_be = xsimd::bitwise_andnot(may_be, other_true);
  }
};

template <class Arch>
struct Xor {
  using Words = Lanes<std::uint64_t, Arch>;
  [[gnu::always_inline]] static void join(Words& is_true, Words& may_be, Words other_true,
                                          Words other_may_be) {
    const Words unknown = (is_true ^ may_be) | (other_true ^ other_may_be);
    const Words differs = is_true ^ other_true;
    is_true = xsimd::bitwise_andnot(differs, unknown);
    may_be = differs | unknown;
  }
};

// The terms' words [word, word + count), count at most that of a strip.
struct StripSource {
  std::span<const BooleanTerm> terms;
  std::size_t word;
  std::size_t count;
};

// One register of a term, with what is past the end zeroed.
template <class Arch, bool kWhole>
[[gnu::always_inline]] inline Lanes<std::uint64_t, Arch> load_words(const std::uint64_t* words,
                                                                    std::size_t at,
                                                                    std::size_t count) {
  using Words = Lanes<std::uint64_t, Arch>;
  if constexpr (kWhole) return Words::load_unaligned(words + at);
  std::uint64_t padded[Words::size] = {};
  for (std::size_t i = at; i < count && i < at + Words::size; ++i)
    padded[i - at] = words[i];
  return Words::load_unaligned(padded);
}

// use(register, is_true, may_be) for all registers of a term.
template <class Arch, bool kNulls, bool kWhole, typename Use>
[[gnu::always_inline]] inline void with_term(const StripSource& source, std::size_t index,
                                             const Use& use) {
  using Words = Lanes<std::uint64_t, Arch>;
  const BooleanTerm& term = source.terms[index];
  const std::uint64_t* is_true = term.is_true.data() + source.word;
  const std::uint64_t* is_null =
      !kNulls || term.is_null.empty() ? nullptr : term.is_null.data() + source.word;
  if (kNulls && is_null != nullptr) {
    QUINTILE_UNROLL
    for (std::size_t j = 0; j < Strip<Arch, kNulls>::kRegisters; ++j) {
      const Words bits = load_words<Arch, kWhole>(is_true, j * Words::size, source.count);
      use(j, bits, bits | load_words<Arch, kWhole>(is_null, j * Words::size, source.count));
    }
    return;
  }
  QUINTILE_UNROLL
  for (std::size_t j = 0; j < Strip<Arch, kNulls>::kRegisters; ++j) {
    const Words bits = load_words<Arch, kWhole>(is_true, j * Words::size, source.count);
    use(j, bits, bits);
  }
}

template <class Arch, bool kNulls, bool kWhole>
class Machine {
 public:
  using Words = Lanes<std::uint64_t, Arch>;
  using Value = Strip<Arch, kNulls>;

  // The value of the program over one strip.
  [[gnu::always_inline]] void run(std::span<const BooleanStep> program, const StripSource& source,
                                  Value& top) {
    depth_ = 0;
    for (std::size_t i = 0; i < program.size(); ++i) {
      const BooleanStep step = program[i];
      switch (step.op) {
        case BooleanOp::kPush:
          push(source, step.term, top);
          break;
        case BooleanOp::kAnd:
          join<And<Arch>>(source, step.term, top);
          break;
        case BooleanOp::kOr:
          join<Or<Arch>>(source, step.term, top);
          break;
        case BooleanOp::kAndNot:
          join<AndNot<Arch>>(source, step.term, top);
          break;
        case BooleanOp::kXor:
          join<Xor<Arch>>(source, step.term, top);
          break;
        case BooleanOp::kNot:
          negate(top);
          break;
        case BooleanOp::kIsNull:
          keep_unknown(top);
          break;
      }
    }
  }

 private:
  [[gnu::always_inline]] static void set(Value& value, std::size_t j, Words is_true, Words may_be) {
    value.is_true[j] = is_true;
    if constexpr (kNulls) value.may_be[j] = may_be;
  }

  [[gnu::always_inline]] static Words may_be(const Value& value, std::size_t j) {
    if constexpr (kNulls) return value.may_be[j];
    return value.is_true[j];
  }

  [[gnu::always_inline]] void push(const StripSource& source, std::size_t term, Value& top) {
    if (depth_ != 0) {
      Value& saved = stack_[depth_ - 1];
      QUINTILE_UNROLL
      for (std::size_t j = 0; j < Value::kRegisters; ++j)
        set(saved, j, top.is_true[j], may_be(top, j));
    }
    ++depth_;
    with_term<Arch, kNulls, kWhole>(
        source, term, [&](std::size_t j, Words bits, Words maybe) { set(top, j, bits, maybe); });
  }

  template <typename Op>
  [[gnu::always_inline]] void join(const StripSource& source, std::size_t term, Value& top) {
    if (term != kFromStack) {
      with_term<Arch, kNulls, kWhole>(source, term, [&](std::size_t j, Words bits, Words maybe) {
        Words is_true = top.is_true[j];
        Words possible = may_be(top, j);
        Op::join(is_true, possible, bits, maybe);
        set(top, j, is_true, possible);
      });
      return;
    }
    --depth_;
    const Value& first = stack_[depth_ - 1];
    QUINTILE_UNROLL
    for (std::size_t j = 0; j < Value::kRegisters; ++j) {
      Words is_true = first.is_true[j];
      Words possible = may_be(first, j);
      Op::join(is_true, possible, top.is_true[j], may_be(top, j));
      set(top, j, is_true, possible);
    }
  }

  [[gnu::always_inline]] static void negate(Value& top) {
    QUINTILE_UNROLL
    for (std::size_t j = 0; j < Value::kRegisters; ++j) {
      const Words certain = top.is_true[j];
      set(top, j, ~may_be(top, j), ~certain);
    }
  }

  [[gnu::always_inline]] static void keep_unknown(Value& top) {
    QUINTILE_UNROLL
    for (std::size_t j = 0; j < Value::kRegisters; ++j) {
      const Words unknown = top.is_true[j] ^ may_be(top, j);
      set(top, j, unknown, unknown);
    }
  }

  // Values below the top one.
  Value stack_[kBooleanStackMax - 1];
  std::size_t depth_ = 0;
};

// Bits of registers, counted in bytes that are added up once per strip.
template <class Arch>
class BitSum {
 public:
  using Words = Lanes<std::uint64_t, Arch>;

  template <std::size_t kRegisters, typename WordsAt>
  [[gnu::always_inline]] void add(const WordsAt& words_at) {
    static_assert(kRegisters * 8 < 256, "a byte holds the bits of so many bytes");
    Lanes<std::uint8_t, Arch> counts(std::uint8_t{0});
    QUINTILE_UNROLL
    for (std::size_t j = 0; j < kRegisters; ++j)
      counts += bits_in_bytes<Arch>(xsimd::bitwise_cast<std::uint8_t>(words_at(j)));
    sums_ += sums_of_bytes<Arch>(counts);
  }

  [[nodiscard]] std::uint64_t total() const { return xsimd::reduce_add(sums_); }

 private:
  Words sums_{std::uint64_t{0}};
};

[[gnu::always_inline]] inline std::uint64_t count_bits_of(std::uint64_t word) {
  return static_cast<std::uint64_t>(__builtin_popcountll(word));
}

template <class Arch, bool kNulls>
class Evaluation {
 public:
  using Words = Lanes<std::uint64_t, Arch>;
  using Value = Strip<Arch, kNulls>;

  Evaluation(std::span<const BooleanStep> program, std::span<const BooleanTerm> terms,
             const TruthWords& out)
      : program_(program), terms_(terms), out_(out) {}

  TruthCounts run(std::size_t rows) {
    const std::size_t whole = rows / (Value::kWords * 64) * Value::kWords;
    Machine<Arch, kNulls, true> machine;
    for (std::size_t w = 0; w < whole; w += Value::kWords) {
      Value top;
      machine.run(program_, {terms_, w, Value::kWords}, top);
      put(top, w);
    }
    TruthCounts counts{true_bits_.total(), null_bits_.total()};
    if (whole * 64 != rows) finish(whole, rows - whole * 64, counts);
    return counts;
  }

 private:
  [[gnu::always_inline]] void put(const Value& top, std::size_t word) {
    true_bits_.template add<Value::kRegisters>([&](std::size_t j) { return top.is_true[j]; });
    if (!out_.is_true.empty()) {
      QUINTILE_UNROLL
      for (std::size_t j = 0; j < Value::kRegisters; ++j)
        top.is_true[j].store_unaligned(out_.is_true.data() + word + j * Words::size);
    }
    if constexpr (kNulls) {
      null_bits_.template add<Value::kRegisters>(
          [&](std::size_t j) { return top.is_true[j] ^ top.may_be[j]; });
    }
    if (!out_.is_null.empty()) {
      QUINTILE_UNROLL
      for (std::size_t j = 0; j < Value::kRegisters; ++j)
        unknown(top, j).store_unaligned(out_.is_null.data() + word + j * Words::size);
    }
  }

  [[gnu::always_inline]] static Words unknown(const Value& value, std::size_t j) {
    if constexpr (kNulls) return value.is_true[j] ^ value.may_be[j];
    return Words(std::uint64_t{0});
  }

  // The last strip, which is not full.
  [[gnu::noinline]] void finish(std::size_t word, std::size_t rows, TruthCounts& counts) {
    Machine<Arch, kNulls, false> machine;
    Value top;
    const std::size_t words = words_for(rows);
    machine.run(program_, {terms_, word, words}, top);
    std::uint64_t is_true[Value::kWords];
    std::uint64_t is_null[Value::kWords];
    for (std::size_t j = 0; j < Value::kRegisters; ++j) {
      top.is_true[j].store_unaligned(is_true + j * Words::size);
      unknown(top, j).store_unaligned(is_null + j * Words::size);
    }
    const std::uint64_t last = ~std::uint64_t{0} >> (words * 64 - rows);
    is_true[words - 1] &= last;
    is_null[words - 1] &= last;
    for (std::size_t w = 0; w < words; ++w) {
      counts.is_true += count_bits_of(is_true[w]);
      counts.is_null += count_bits_of(is_null[w]);
      if (!out_.is_true.empty()) out_.is_true[word + w] = is_true[w];
      if (!out_.is_null.empty()) out_.is_null[word + w] = is_null[w];
    }
  }

  std::span<const BooleanStep> program_;
  std::span<const BooleanTerm> terms_;
  const TruthWords& out_;
  BitSum<Arch> true_bits_;
  BitSum<Arch> null_bits_;
};

#undef QUINTILE_UNROLL

template <class Arch>
TruthCounts evaluate(std::span<const BooleanStep> program, std::span<const BooleanTerm> terms,
                     std::size_t rows, const TruthWords& out) noexcept {
  bool has_nulls = false;
  for (std::size_t i = 0; i < terms.size(); ++i)
    has_nulls |= !terms[i].is_null.empty();
  if (has_nulls) return Evaluation<Arch, true>(program, terms, out).run(rows);
  return Evaluation<Arch, false>(program, terms, out).run(rows);
}

}  // namespace
}  // namespace quintile::kernels::QUINTILE_ISA_NS
