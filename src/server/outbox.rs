//! What waits to be written to one client, and the policy of protocol decision 13: answers hold back reading,
//! broadcasts that wait too long end the session. `hub` and the connection's reader put in, its writer takes out;
//! nobody ever waits to put.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::waiting::{self, SLOT_BYTES, Share};
use crate::live::messages::{self, AnswerPermit};
use crate::settings::id::ChatId;

/// Broadcasts worth this much that have waited longer than `BROADCASTS_WAIT_MAX` cut a slow reader off.
const BROADCAST_BYTES_MAX: usize = 4 * 1024 * 1024;
const BROADCASTS_WAIT_MAX: Duration = Duration::from_secs(10);
/// Whatever waits, answers included, and however short: more is never kept for one client.
const WAITING_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Lines of one client that may be on their way to an answer.
const UNANSWERED_MAX: u32 = 64;
/// Of these, handed over as one message: as many are read while those before are answered.
pub(super) const LOOKUPS_AT_ONCE_MAX: u32 = 32;
/// With so much waiting no further line of the same read is served.
const ANSWER_BYTES_MAX: usize = 64 * 1024;
/// What the writer takes at once.
const BATCH_BYTES_MAX: usize = 256 * 1024;
/// Room for so many waiting notices is kept while none waits.
const WAITING_USUAL: usize = 4;

const _: () = assert!(BROADCAST_BYTES_MAX < WAITING_BYTES_MAX && ANSWER_BYTES_MAX < WAITING_BYTES_MAX);
const _: () = assert!(LOOKUPS_AT_ONCE_MAX < UNANSWERED_MAX);

/// Whether the client asked for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Priority {
    Answer,
    Broadcast,
}

/// Why a client is cut off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(super) enum TooSlow {
    #[error("broadcasts of {BROADCAST_BYTES_MAX} bytes have waited longer than 10 s")]
    Broadcasts,
    #[error("more than {WAITING_BYTES_MAX} bytes wait to be read")]
    Waiting,
    #[error("too much waits for all clients together, and most of it for this one")]
    All,
}

/// The pure part: what waits, since when, of which priority.
#[derive(Debug, Default)]
struct Queue {
    waiting: VecDeque<Waiting>,
    answer_bytes: usize,
    broadcast_bytes: usize,
    /// Lines handed to the middle that it has not dealt with.
    unanswered: u32,
    overflow: Option<TooSlow>,
    /// All that will be written is in the queue: close behind it.
    is_closing: bool,
}

/// A piece in its place. The bytes of one that is being written alone are with the writer.
#[derive(Debug)]
struct Waiting {
    piece: Piece,
    bytes: usize,
}

/// What is put in.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) bytes: Bytes,
    pub(super) priority: Priority,
    pub(super) since: Instant,
    /// A chat text: somebody waits to hear that the client has it.
    pub(super) chat: Option<ChatId>,
    /// Its slot in the sum of all that waits; a connection's own few words have none.
    pub(super) slot: Option<Share>,
}

impl Queue {
    #[cfg(test)]
    fn push(&mut self, bytes: Bytes, priority: Priority, now: Instant) {
        self.push_with(Piece { bytes, priority, since: now, chat: None, slot: None });
    }

    fn push_with(&mut self, piece: Piece) {
        if self.is_closing || self.overflow.is_some() {
            return;
        }
        if self.answer_bytes + self.broadcast_bytes + piece.bytes.len() > WAITING_BYTES_MAX {
            self.overflow = Some(TooSlow::Waiting);
            return;
        }
        let bytes = piece.bytes.len();
        *self.bytes_of(piece.priority) += bytes;
        self.waiting.push_back(Waiting { piece, bytes });
    }

    /// What waits, with the slots that it takes.
    fn bytes(&self) -> usize {
        let slots = self.waiting.iter().filter(|waiting| waiting.piece.slot.is_some()).count();
        self.answer_bytes + self.broadcast_bytes + slots * SLOT_BYTES
    }

    /// Lets go of all that waits: nobody will read it.
    fn cut_off(&mut self) {
        self.overflow = Some(TooSlow::All);
        self.waiting = VecDeque::new();
        (self.answer_bytes, self.broadcast_bytes) = (0, 0);
    }

    fn bytes_of(&mut self, priority: Priority) -> &mut usize {
        match priority {
            Priority::Answer => &mut self.answer_bytes,
            Priority::Broadcast => &mut self.broadcast_bytes,
        }
    }

    /// The next bytes to write, and how many pieces they are, which stay in the queue until they are written. They end
    /// behind a chat text, so that where it ends on the wire is known.
    fn batch(&mut self) -> Option<(Bytes, usize)> {
        let first = self.waiting.front()?;
        let mut bytes = first.bytes;
        let mut is_behind_chat = first.piece.chat.is_some();
        let more = self.waiting.iter().skip(1).take_while(|waiting| {
            bytes += waiting.bytes;
            let is_behind_chat = std::mem::replace(&mut is_behind_chat, waiting.piece.chat.is_some());
            bytes <= BATCH_BYTES_MAX && !is_behind_chat
        });
        let number = 1 + more.count();
        if number == 1 {
            // Taken, not shared: to count the shares of a broadcast is work for all threads at one place.
            return self.waiting.front_mut().map(|first| (std::mem::take(&mut first.piece.bytes), 1));
        }
        let together = self.waiting.iter().take(number);
        let mut batch = Vec::with_capacity(together.clone().map(|waiting| waiting.bytes).sum());
        together.for_each(|waiting| batch.extend_from_slice(&waiting.piece.bytes));
        Some((waiting::OF_ALL.counted(batch), number))
    }

    /// The reader waits for answers alone.
    fn written(&mut self, number: usize) -> Written {
        let answer_bytes = self.answer_bytes;
        let mut chat = None;
        for _ in 0..number {
            if let Some(waiting) = self.waiting.pop_front() {
                *self.bytes_of(waiting.piece.priority) -= waiting.bytes;
                chat = waiting.piece.chat.or(chat);
            }
        }
        if self.waiting.is_empty() && self.waiting.capacity() > WAITING_USUAL {
            // An idle client holds next to no memory, and what waits mostly costs no allocation.
            self.waiting = VecDeque::new();
        }
        Written { has_answers: self.answer_bytes < answer_bytes, chat }
    }

    /// Asks what time it is only if that matters.
    fn too_slow(&self, now: impl FnOnce() -> Instant) -> Option<TooSlow> {
        if self.overflow.is_some() {
            return self.overflow;
        }
        if self.broadcast_bytes < BROADCAST_BYTES_MAX {
            return None;
        }
        let now = now();
        let old =
            self.waiting.iter().take_while(|waiting| now.duration_since(waiting.piece.since) > BROADCASTS_WAIT_MAX);
        let bytes: usize =
            old.filter(|waiting| waiting.piece.priority == Priority::Broadcast).map(|waiting| waiting.bytes).sum();
        (bytes >= BROADCAST_BYTES_MAX).then_some(TooSlow::Broadcasts)
    }

    /// Whether lines that were read already may be served.
    fn may_serve(&self, lines: u32) -> bool {
        let is_room = self.unanswered + lines <= UNANSWERED_MAX && self.answer_bytes < ANSWER_BYTES_MAX;
        self.is_closing || is_room
    }

    /// Whether the socket may be read: nothing that the client asked for waits.
    fn may_read(&self) -> bool {
        self.is_closing || (self.unanswered == 0 && self.answer_bytes == 0)
    }

    /// Whether every line that was handed over is dealt with.
    fn is_answered(&self) -> bool {
        self.is_closing || self.unanswered == 0
    }

    fn next(&mut self) -> Option<Next> {
        if let Some(too_slow) = self.too_slow(Instant::now) {
            return Some(Next::CutOff(too_slow));
        }
        match self.batch() {
            Some((bytes, number)) => Some(Next::Write(bytes, number)),
            None => self.is_closing.then_some(Next::Close),
        }
    }
}

/// What the writer is to do next.
pub(super) enum Next {
    /// Write these bytes, then call `written` with the number.
    Write(Bytes, usize),
    /// All is written: close.
    Close,
    CutOff(TooSlow),
}

/// What a written batch held.
#[derive(Debug, PartialEq, Eq)]
struct Written {
    has_answers: bool,
    /// The text that it ended with.
    chat: Option<ChatId>,
}

#[derive(Debug, Default)]
pub(super) struct Outbox(Mutex<Shared>);

/// The queue and who waits for it, under one lock: for each broadcast this is touched once for each client.
#[derive(Debug, Default)]
struct Shared {
    queue: Queue,
    /// None while it has something to do.
    writer: Option<Waker>,
    reader: Option<Waker>,
}

/// Leaves word where the task is to be woken.
fn wait<T>(slot: &mut Option<Waker>, context: &Context<'_>) -> Poll<T> {
    *slot = Some(context.waker().clone());
    Poll::Pending
}

fn wake(waker: Option<Waker>) {
    if let Some(waker) = waker {
        waker.wake();
    }
}

impl messages::Unanswered for Outbox {
    /// The engine has dealt with lines: their answers, if any, are in the queue.
    fn answered(&self, lines: u32) {
        let mut shared = self.shared();
        shared.queue.unanswered = shared.queue.unanswered.saturating_sub(lines);
        let reader = shared.reader.take();
        drop(shared);
        wake(reader);
    }
}

impl Outbox {
    pub(super) fn push(&self, bytes: Bytes, priority: Priority, now: Instant) {
        self.push_with(Piece { bytes, priority, since: now, chat: None, slot: None });
    }

    /// What waits here, as the sum of all counts it.
    pub(super) fn bytes(&self) -> usize {
        self.shared().queue.bytes()
    }

    /// So much waits for all clients that this one has to go.
    pub(super) fn cut_off(&self) {
        let mut shared = self.shared();
        shared.queue.cut_off();
        let waiting = (shared.writer.take(), shared.reader.take());
        drop(shared);
        wake(waiting.0);
        wake(waiting.1);
    }

    pub(super) fn push_with(&self, piece: Piece) {
        let mut shared = self.shared();
        shared.queue.push_with(piece);
        let writer = shared.writer.take();
        drop(shared);
        wake(writer);
    }

    /// Nothing more will be put in: the writer closes behind what waits.
    pub(super) fn close(&self) {
        let mut shared = self.shared();
        shared.queue.is_closing = true;
        let waiting = (shared.writer.take(), shared.reader.take());
        drop(shared);
        wake(waiting.0);
        wake(waiting.1);
    }

    /// For so many lines that the reader hands to the engine; they are answered once it is dropped.
    pub(super) fn permit(self: &Arc<Self>, lines: u32) -> AnswerPermit {
        self.shared().queue.unanswered += lines;
        AnswerPermit::new(self.clone(), lines)
    }

    /// For the reader: until so many further lines may be served.
    pub(super) async fn until_may_serve(&self, lines: u32) {
        self.until(|queue| queue.may_serve(lines)).await;
    }

    /// For the reader: until all that the client asked is answered and written.
    pub(super) async fn until_may_read(&self) {
        self.until(Queue::may_read).await;
    }

    /// For the reader: until every line that it handed over is dealt with, so that what it says itself comes in order.
    pub(super) async fn until_answered(&self) {
        self.until(Queue::is_answered).await;
    }

    async fn until(&self, is_so: impl Fn(&Queue) -> bool) {
        let poll = |context: &mut Context<'_>| {
            let mut shared = self.shared();
            if is_so(&shared.queue) { Poll::Ready(()) } else { wait(&mut shared.reader, context) }
        };
        poll_fn(poll).await;
    }

    /// For the writer: waits until there is something to do.
    pub(super) async fn next(&self) -> Next {
        let poll = |context: &mut Context<'_>| {
            let mut shared = self.shared();
            shared.queue.next().map_or_else(|| wait(&mut shared.writer, context), Poll::Ready)
        };
        poll_fn(poll).await
    }

    #[cfg(test)]
    pub(super) fn next_now(&self) -> Option<Next> {
        self.shared().queue.next()
    }

    /// For the writer: this many notices are written. Gives back the chat text that they ended with.
    pub(super) fn written(&self, number: usize) -> Option<ChatId> {
        let mut shared = self.shared();
        let Written { has_answers, chat } = shared.queue.written(number);
        let reader = if has_answers { shared.reader.take() } else { None };
        drop(shared);
        wake(reader);
        chat
    }

    /// For the writer, while a write hangs.
    pub(super) fn too_slow(&self) -> Option<TooSlow> {
        self.shared().queue.too_slow(Instant::now)
    }

    fn shared(&self) -> MutexGuard<'_, Shared> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::id::Id;

    const MEGABYTE: usize = 1024 * 1024;

    fn bytes(number: usize) -> Bytes {
        Bytes::from(vec![b'x'; number])
    }

    #[test]
    fn broadcasts_cut_off_only_when_enough_of_them_are_old_enough() {
        let start = Instant::now();
        let mut queue = Queue::default();
        for second in 0..4 {
            queue.push(bytes(MEGABYTE), Priority::Broadcast, start + Duration::from_secs(second));
        }
        assert_eq!(queue.too_slow(|| start + Duration::from_secs(13)), None);
        assert_eq!(queue.too_slow(|| start + Duration::from_millis(13_001)), Some(TooSlow::Broadcasts));
        queue.written(1);
        assert_eq!(queue.too_slow(|| start + Duration::from_secs(60)), None);
    }

    #[test]
    fn answers_never_count_however_long_they_wait() {
        let start = Instant::now();
        let mut queue = Queue::default();
        for _ in 0..40 {
            queue.push(bytes(MEGABYTE), Priority::Answer, start);
        }
        queue.push(bytes(3 * MEGABYTE), Priority::Broadcast, start);
        assert_eq!(queue.too_slow(|| start + Duration::from_secs(3600)), None);
    }

    #[test]
    fn beyond_the_hard_bound_nothing_is_kept() {
        let start = Instant::now();
        let mut queue = Queue::default();
        for _ in 0..65 {
            queue.push(bytes(MEGABYTE), Priority::Answer, start);
        }
        assert_eq!(queue.waiting.len(), 64);
        assert_eq!(queue.too_slow(|| start), Some(TooSlow::Waiting));
    }

    #[test]
    fn the_socket_is_read_only_when_every_answer_is_written() {
        let mut queue = Queue::default();
        assert!(queue.may_read() && queue.may_serve(1));
        queue.unanswered = 1;
        assert!(!queue.may_read() && queue.may_serve(1));
        queue.push(bytes(10), Priority::Answer, Instant::now());
        queue.unanswered = 0;
        assert!(!queue.may_read() && queue.may_serve(1));
        queue.written(1);
        queue.push(bytes(10), Priority::Broadcast, Instant::now());
        assert!(queue.may_read());
        queue.unanswered = UNANSWERED_MAX;
        assert!(!queue.may_serve(1));
        queue.is_closing = true;
        assert!(queue.may_serve(1) && queue.may_read());
    }

    #[test]
    fn a_batch_ends_behind_a_chat_text() {
        let mut queue = Queue::default();
        let chat = ChatId::new(5);
        let (priority, since) = (Priority::Broadcast, Instant::now());
        queue.push(bytes(1), priority, since);
        queue.push_with(Piece { bytes: bytes(1), priority, since, chat: Some(chat), slot: None });
        queue.push(bytes(1), priority, since);
        assert_eq!(queue.batch().expect("a batch").1, 2);
        assert_eq!(queue.written(2), Written { has_answers: false, chat: Some(chat) });
        assert_eq!(queue.batch().expect("a batch").1, 1);
        assert_eq!(queue.written(1).chat, None);
    }

    #[test]
    fn a_batch_takes_what_fits_in_order_and_counts_until_it_is_written() {
        let mut queue = Queue::default();
        let now = Instant::now();
        queue.push(Bytes::from_static(b"a\n"), Priority::Answer, now);
        queue.push(Bytes::from_static(b"b\n"), Priority::Broadcast, now);
        queue.push(bytes(BATCH_BYTES_MAX), Priority::Broadcast, now);
        let (batch, number) = queue.batch().expect("two small ones");
        assert_eq!((&batch[..], number), (&b"a\nb\n"[..], 2));
        assert_eq!(queue.answer_bytes, 2);
        queue.written(number);
        assert_eq!((queue.answer_bytes, queue.broadcast_bytes), (0, BATCH_BYTES_MAX));
        assert_eq!(queue.batch().expect("the big one").1, 1);
        queue.written(1);
        assert!(queue.batch().is_none());
    }

    #[tokio::test]
    async fn reader_and_writer_are_woken_for_what_they_wait_for() {
        let outbox = std::sync::Arc::new(Outbox::default());
        let permit = outbox.permit(1);
        let (of_reader, of_writer) = (outbox.clone(), outbox.clone());
        let reader = tokio::spawn(async move { of_reader.until_may_read().await });
        let writer = tokio::spawn(async move {
            let mut written = 0;
            while let Next::Write(_, number) = of_writer.next().await {
                written += number;
                of_writer.written(number);
            }
            written
        });
        tokio::task::yield_now().await;
        outbox.push(bytes(1), Priority::Answer, Instant::now());
        drop(permit);
        reader.await.expect("woken");
        outbox.push(bytes(1), Priority::Broadcast, Instant::now());
        tokio::task::yield_now().await;
        outbox.close();
        assert_eq!(writer.await.expect("woken"), 2);
    }

    #[test]
    fn nothing_is_put_behind_the_close() {
        let mut queue = Queue { is_closing: true, ..Queue::default() };
        queue.push(bytes(1), Priority::Answer, Instant::now());
        assert!(queue.batch().is_none());
    }
}
