#include "quintile/status.hpp"

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace quintile {

// One allocation: this header, then the bytes of the message.
struct Status::State {
  StatusCode code;
  std::atomic<bool> read{false};
  std::size_t length;
};

namespace {

constexpr std::array<std::string_view, 10> kCodeNames = {
    "ok",          "invalid_argument", "not_found", "already_exists", "out_of_range", "overflow",
    "unavailable", "cancelled",        "io",        "internal"};

constexpr std::string_view kOutOfMemory = "out of memory";

}  // namespace

std::string_view status_code_name(StatusCode code) noexcept {
  const auto index = static_cast<std::size_t>(code);
  return index < kCodeNames.size() ? kCodeNames[index] : std::string_view("unknown");
}

Status::Status(StatusCode code, std::string_view message) noexcept {
  const std::size_t bytes = sizeof(State) + message.size();
  void* memory = ::operator new(bytes, std::nothrow);
  if (memory == nullptr) {
    state_ = out_of_memory();
    return;
  }
  auto* state = ::new (memory) State{};
  state->code = code == StatusCode::kOk ? StatusCode::kInternal : code;
  state->length = message.size();
  if (!message.empty()) {
    std::memcpy(static_cast<char*>(memory) + sizeof(State), message.data(), message.size());
  }
  state_ = state;
}

// Shared by every status whose own state could not be allocated; never freed.
Status::State* Status::out_of_memory() noexcept {
  static State state{StatusCode::kInternal, true, 0};
  return &state;
}

Status::State* Status::copy(State* state) noexcept {
  if (state == nullptr) {
    return nullptr;
  }
  Status twin(state->code, message_of(state));
  return std::exchange(twin.state_, nullptr);
}

void Status::destroy(State* state) noexcept {
  if (state == out_of_memory()) {
    return;
  }
#ifdef QUINTILE_UNREAD_STATUS_IS_FATAL
  if (!state->read.load(std::memory_order_relaxed)) {
    const std::string_view message = message_of(state);
    (void)std::fprintf(stderr, "quintile: an error was never read: %.*s\n",
                       static_cast<int>(message.size()), message.data());
    std::abort();
  }
#endif
  state->~State();
  ::operator delete(static_cast<void*>(state));
}

void Status::mark_read(State* state) noexcept {
  state->read.store(true, std::memory_order_relaxed);
}

StatusCode Status::code_of(State* state) noexcept {
  mark_read(state);
  return state->code;
}

std::string_view Status::message_of(State* state) noexcept {
  if (state == out_of_memory()) {
    return kOutOfMemory;
  }
  mark_read(state);
  return {reinterpret_cast<const char*>(state) + sizeof(State), state->length};
}

std::string Status::to_string() const {
  std::string text(status_code_name(code()));
  if (state_ != nullptr) {
    text.append(": ").append(message());
  }
  return text;
}

}  // namespace quintile
