// How the engine fails: a Status, or a Result<T> that is either a value or the Status that says why
// there is none. No exception crosses the public API.
#pragma once

#include <cstdint>
#include <cstdlib>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

#include "quintile/export.hpp"

namespace quintile {

// The kind of a failure. The list and its numbers are API; message texts are not.
enum class StatusCode : std::uint8_t {
  kOk = 0,
  kInvalidArgument = 1,  // the request or a definition is wrong as written
  kNotFound = 2,         // a named thing does not exist
  kAlreadyExists = 3,    // a name is taken
  kOutOfRange = 4,       // well formed, but outside a stated limit
  kOverflow = 5,         // exact arithmetic would not fit
  kUnavailable = 6,      // cannot be done now or by this build; trying elsewhere may help
  kCancelled = 7,        // the caller asked to stop, or a deadline passed
  kIo = 8,               // the operating system refused
  kInternal = 9,         // a defect of the engine, or memory ran out
};

// Return the name of a code in snake_case, such as "invalid_argument". Never empty.
[[nodiscard]] QUINTILE_API std::string_view status_code_name(StatusCode code) noexcept;

// Success, or a code and a message for a person: what was expected, then the values, at the end.
//
// Success costs one null pointer and allocates nothing; an error allocates once. If that allocation
// fails the status is still an error: kInternal, "out of memory". Any number of threads may read
// one object. A build of the library may make the loss of an unread error fatal (presets dev and
// asan); reading is any of ok(), code(), message(), ignore() or passing it on by move.
//
//   Status status = engine.define(model);
//   if (!status.ok()) { show(status.message()); }
class [[nodiscard]] Status {
 public:
  Status() noexcept = default;  // success
  // An error. `code` kOk makes kInternal: a success has no message.
  QUINTILE_API Status(StatusCode code, std::string_view message) noexcept;

  Status(Status&& other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  Status& operator=(Status&& other) noexcept {
    if (this != &other) {
      release();
      state_ = std::exchange(other.state_, nullptr);
    }
    return *this;
  }
  Status(const Status& other) noexcept : state_(copy(other.state_)) {}
  Status& operator=(const Status& other) noexcept {
    if (this != &other) {
      release();
      state_ = copy(other.state_);
    }
    return *this;
  }
  ~Status() { release(); }

  [[nodiscard]] bool ok() const noexcept {
    if (state_ == nullptr) {
      return true;
    }
    mark_read(state_);
    return false;
  }
  [[nodiscard]] StatusCode code() const noexcept {
    return state_ == nullptr ? StatusCode::kOk : code_of(state_);
  }
  // Empty for success. Valid while this object lives and is not assigned to.
  [[nodiscard]] std::string_view message() const noexcept {
    return state_ == nullptr ? std::string_view{} : message_of(state_);
  }
  // Say that a failure is of no interest here.
  void ignore() const noexcept { (void)ok(); }
  // Return "invalid_argument: message", or "ok".
  [[nodiscard]] QUINTILE_API std::string to_string() const;

 private:
  struct State;
  void release() noexcept {
    if (state_ != nullptr) {
      destroy(state_);
    }
  }
  static State* out_of_memory() noexcept;
  static QUINTILE_API State* copy(State* state) noexcept;
  static QUINTILE_API void destroy(State* state) noexcept;
  static QUINTILE_API void mark_read(State* state) noexcept;
  static QUINTILE_API StatusCode code_of(State* state) noexcept;
  static QUINTILE_API std::string_view message_of(State* state) noexcept;

  State* state_ = nullptr;
};

// A value, or the error that explains its absence. Moves cost what moves of T and Status cost.
// Reading the value of an error is a programmer's error and ends the program.
//
//   Result<RfmModel> model = rfm_preset("retail", 2);
//   if (!model.ok()) { return model.status(); }
//   use(*model);
template <class T>
class [[nodiscard]] Result {
  static_assert(!std::is_reference_v<T> && !std::is_same_v<std::remove_cv_t<T>, Status>);

 public:
  using value_type = T;

  // NOLINTBEGIN(google-explicit-constructor): `return value;` and `return status;` are the point.
  Result(T value) noexcept(std::is_nothrow_move_constructible_v<T>)
      : value_(std::move(value)), has_value_(true) {}
  // A Status that is ok becomes kInternal: there is no value to hand out.
  Result(Status status) noexcept : status_(std::move(status)), has_value_(false) {
    if (status_.code() == StatusCode::kOk) {
      status_ = Status(StatusCode::kInternal, "a result was made from an ok status");
    }
  }
  // NOLINTEND(google-explicit-constructor)

  Result(Result&& other) noexcept(std::is_nothrow_move_constructible_v<T>)
      : status_(std::move(other.status_)), has_value_(other.has_value_) {
    if (has_value_) {
      ::new (static_cast<void*>(std::addressof(value_))) T(std::move(other.value_));
    }
  }
  Result(const Result& other) : status_(other.status_), has_value_(other.has_value_) {
    if (has_value_) {
      ::new (static_cast<void*>(std::addressof(value_))) T(other.value_);
    }
  }
  Result& operator=(Result other) noexcept(std::is_nothrow_move_constructible_v<T>) {
    if (has_value_) {
      value_.~T();
      has_value_ = false;
    }
    status_ = std::move(other.status_);
    if (other.has_value_) {
      ::new (static_cast<void*>(std::addressof(value_))) T(std::move(other.value_));
      has_value_ = true;
    }
    return *this;
  }
  ~Result() {
    if (has_value_) {
      value_.~T();
    }
  }

  [[nodiscard]] bool ok() const noexcept { return has_value_ || (status_.ignore(), false); }
  // The error; success while a value is held.
  [[nodiscard]] const Status& status() const& noexcept { return status_; }
  [[nodiscard]] Status status() && noexcept { return std::move(status_); }

  [[nodiscard]] T& value() & noexcept { return checked(*this); }
  [[nodiscard]] const T& value() const& noexcept { return checked(*this); }
  [[nodiscard]] T&& value() && noexcept { return std::move(checked(*this)); }
  [[nodiscard]] T& operator*() & noexcept { return checked(*this); }
  [[nodiscard]] const T& operator*() const& noexcept { return checked(*this); }
  [[nodiscard]] T&& operator*() && noexcept { return std::move(checked(*this)); }
  [[nodiscard]] T* operator->() noexcept { return std::addressof(checked(*this)); }
  [[nodiscard]] const T* operator->() const noexcept { return std::addressof(checked(*this)); }

 private:
  template <class Self>
  static auto& checked(Self& self) noexcept {
    if (!self.has_value_) {
      std::abort();
    }
    return self.value_;
  }

  Status status_;
  union {
    T value_;
  };
  bool has_value_;
};

}  // namespace quintile
