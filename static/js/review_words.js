/* What the scripts of the review screen say, in the reader's language. */
const english = document.documentElement.lang === "en";

export const words = {
  notSaved: english
    ? "Not saved: the server did not take it. What you typed is still here. Check the connection and that you are logged in, then save again."
    : "Chưa lưu được: máy chủ không nhận. Nội dung bạn nhập vẫn còn ở đây. Hãy kiểm tra kết nối và đăng nhập rồi lưu lại.",
  logIn: english ? "Log in again (new tab)" : "Đăng nhập lại (thẻ mới)",
  add: english ? "Add the selected words as a task" : "Thêm đoạn đã chọn thành nhiệm vụ",
  draft: english ? "There is a draft of this task that was not saved, from" : "Có bản nháp của nhiệm vụ này chưa lưu, từ",
  restore: english ? "Use the draft" : "Dùng bản nháp",
  forget: english ? "Discard it" : "Bỏ bản nháp",
  isDraft: english ? "draft" : "nháp",
  changed: english ? "Somebody else has just changed this plan." : "Người khác vừa sửa kế hoạch này.",
  refresh: english ? "Load the new list" : "Tải danh sách mới",
  loggedOut: english ? "You are logged out. What you type is kept as a draft on this machine." : "Phiên đăng nhập đã hết. Nội dung đang gõ được giữ làm bản nháp trên máy này.",
};
