#include "quintile/kernels/isa.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstddef>
#include <cstdlib>
#include <cstring>

#include "kernel_table.hpp"
#include "quintile/kernels/assert.hpp"

namespace quintile::kernels {

// The filled tables, each defined in the units of its instruction set.
#define QUINTILE_ISA_ENTRY(isa, enumerator, condition)         \
  namespace isa {                                              \
  extern const AggregateKernels kAggregateKernels;             \
  extern const OrderStatisticsKernels kOrderStatisticsKernels; \
  extern const RfmKernels kRfmKernels;                         \
  extern const BitmapKernels kBitmapKernels;                   \
  extern const TallyKernels kTallyKernels;                     \
  extern const PredicateKernels kPredicateKernels;             \
  extern const EventWindowKernels kEventWindowKernels;         \
  extern const BooleanKernels kBooleanKernels;                 \
  }
#include "isa_registry.inc"
#undef QUINTILE_ISA_ENTRY

namespace {

struct Implementation {
  Isa isa;
  std::string_view name;
  bool (*runs_here)();
  KernelTable table;
};

#define QUINTILE_ISA_ENTRY(set, enumerator, condition)                                       \
  Implementation{Isa::enumerator,                                                            \
                 #set,                                                                       \
                 +[]() -> bool { return condition; },                                        \
                 {&set::kAggregateKernels, &set::kOrderStatisticsKernels, &set::kRfmKernels, \
                  &set::kBitmapKernels, &set::kTallyKernels, &set::kPredicateKernels,        \
                  &set::kBooleanKernels, &set::kEventWindowKernels}},
constexpr std::array kImplementations = {
#include "isa_registry.inc"
};
#undef QUINTILE_ISA_ENTRY

constexpr auto kBuilt = [] {
  std::array<Isa, kImplementations.size()> built{};
  for (std::size_t i = 0; i < built.size(); ++i)
    built[i] = kImplementations[i].isa;
  return built;
}();
static_assert(kBuilt[0] == Isa::kScalar, "isa.cmake lists scalar first");

const Implementation* find(Isa isa) noexcept {
  const auto found = std::find_if(kImplementations.begin(), kImplementations.end(),
                                  [isa](const Implementation& i) { return i.isa == isa; });
  return found == kImplementations.end() ? nullptr : &*found;
}

const Implementation* best() noexcept {
  const Implementation* result = kImplementations.data();
  for (const Implementation& candidate : kImplementations) {
    if (candidate.runs_here()) result = &candidate;
  }
  return result;
}

struct Choice {
  const Implementation* implementation;
  IsaError error;
};

Choice choose(std::string_view wanted) noexcept {
  if (wanted.empty()) return {best(), IsaError::kNone};
  for (const Implementation& candidate : kImplementations) {
    if (candidate.name != wanted) continue;
    if (candidate.runs_here()) return {&candidate, IsaError::kNone};
    return {kImplementations.data(), IsaError::kUnsupported};
  }
  return {kImplementations.data(), IsaError::kUnknownName};
}

// What the environment said, read once; the name is cut to this length for messages.
struct Startup {
  std::array<char, 32> name{};
  std::size_t name_length = 0;
  Choice choice{};

  Startup() noexcept {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_cpu_init();
#endif
    const char* value = std::getenv("QUINTILE_ISA");
    const std::string_view wanted = value == nullptr ? std::string_view{} : value;
    name_length = std::min(wanted.size(), name.size());
    std::copy_n(wanted.begin(), name_length, name.begin());
    choice = choose(wanted);
  }
};

const Startup& startup() noexcept {
  static const Startup instance;
  return instance;
}

// Null until the first question. Everybody would store the same value, so a race is harmless.
constinit std::atomic<const Implementation*> active_implementation{nullptr};

const Implementation& active_or_choose() noexcept {
  const Implementation* current = active_implementation.load(std::memory_order_acquire);
  if (current == nullptr) [[unlikely]] {
    const Implementation* expected = nullptr;
    active_implementation.compare_exchange_strong(expected, startup().choice.implementation);
    current = active_implementation.load(std::memory_order_acquire);
  }
  return *current;
}

class TextWriter {
 public:
  explicit TextWriter(std::span<char> text) noexcept : text_(text) {}
  void append(std::string_view part) noexcept {
    if (text_.empty()) return;
    const std::size_t room = text_.size() - 1 - length_;
    const std::size_t count = std::min(room, part.size());
    std::copy_n(part.begin(), count, text_.begin() + static_cast<std::ptrdiff_t>(length_));
    length_ += count;
  }
  std::string_view finish() noexcept {
    if (text_.empty()) return {};
    text_[length_] = '\0';
    return {text_.data(), length_};
  }

 private:
  std::span<char> text_;
  std::size_t length_ = 0;
};

}  // namespace

const KernelTable& active_table() noexcept { return active_or_choose().table; }

std::string_view name(Isa isa) noexcept {
  const Implementation* found = find(isa);
  return found == nullptr ? std::string_view{"absent"} : found->name;
}

std::span<const Isa> built() noexcept { return kBuilt; }

bool supported(Isa isa) noexcept {
  startup();  // prepares the feature test
  const Implementation* found = find(isa);
  return found != nullptr && found->runs_here();
}

Isa active() noexcept { return active_or_choose().isa; }

IsaError startup_error() noexcept { return startup().choice.error; }

std::string_view requested_name() noexcept {
  return {startup().name.data(), startup().name_length};
}

IsaError select(std::string_view isa_name) noexcept {
  startup();
  const Choice choice = choose(isa_name);
  if (choice.error == IsaError::kNone) {
    active_implementation.store(choice.implementation, std::memory_order_release);
  }
  return choice.error;
}

std::string_view describe(IsaError error, std::string_view isa_name,
                          std::span<char> text) noexcept {
  TextWriter writer(text);
  if (error == IsaError::kNone) return writer.finish();
  writer.append(error == IsaError::kUnknownName ? "unknown instruction set \""
                                                : "this processor lacks instruction set \"");
  writer.append(isa_name);
  writer.append("\": this machine accepts ");
  bool first = true;
  for (const Implementation& candidate : kImplementations) {
    if (!supported(candidate.isa)) continue;
    if (!first) writer.append(", ");
    writer.append(candidate.name);
    first = false;
  }
  return writer.finish();
}

ForcedIsa::ForcedIsa(Isa isa) noexcept : previous_(&active_or_choose()) {
  QUINTILE_ASSERT(supported(isa));
  active_implementation.store(find(isa), std::memory_order_release);
}

ForcedIsa::~ForcedIsa() {
  active_implementation.store(static_cast<const Implementation*>(previous_),
                              std::memory_order_release);
}

}  // namespace quintile::kernels
