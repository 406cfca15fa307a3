//! A store in memory that writes down what it is asked, and fails when it is told to.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use opendal::Operator;
use opendal::services::Memory;

use super::super::bucket::Bucket;
use super::super::storage::{Condition, Found, Pending, Properties, Source, Storage};
use super::super::trouble::{Kind, Trouble};
use super::runtime;

/// How it fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// From some request on nothing is done.
    Dead,
    /// From some request on nothing is done, but that one is, without an answer.
    DeadAfter,
    /// One request is done, and its answer gets lost on the way.
    Lost,
    /// One request is not done, and may be the next time.
    Hiccup,
}

/// The store.
pub(super) struct Faulty {
    inner: Bucket,
    operator: Operator,
    log: Mutex<Vec<String>>,
    fault: Mutex<Option<(usize, Fault)>>,
    asked: AtomicUsize,
    publishers: AtomicUsize,
    /// How old its lock says it is.
    pub(super) age: AtomicI64,
}

impl Faulty {
    pub(super) fn new() -> Arc<Faulty> {
        let operator = Operator::new(Memory::default()).expect("a store in memory");
        Arc::new(Faulty {
            inner: Bucket::new(operator.clone(), None),
            operator,
            log: Mutex::default(),
            fault: Mutex::default(),
            asked: AtomicUsize::new(0),
            publishers: AtomicUsize::new(0),
            age: AtomicI64::new(7),
        })
    }

    /// A new publisher.
    pub(super) fn token(&self) -> String {
        format!("{:016x}", self.publishers.fetch_add(1, Ordering::SeqCst))
    }

    /// Fails at this request, counted from now.
    pub(super) fn fail_at(&self, number: usize, fault: Fault) {
        self.asked.store(0, Ordering::SeqCst);
        *self.fault.lock().expect("a fault") = Some((number, fault));
    }

    /// Fails no more. How many requests there were.
    pub(super) fn heal(&self) -> usize {
        *self.fault.lock().expect("a fault") = None;
        self.asked.swap(0, Ordering::SeqCst)
    }

    pub(super) fn log(&self) -> Vec<String> {
        self.log.lock().expect("a log").clone()
    }

    pub(super) fn clear_log(&self) {
        self.log.lock().expect("a log").clear();
    }

    pub(super) fn put_foreign(&self, path: &str, text: &str) {
        let written = runtime().block_on(self.operator.write(path, text.as_bytes().to_vec()));
        written.expect("memory");
    }

    /// All that is there.
    pub(super) fn all(&self) -> BTreeMap<String, Vec<u8>> {
        runtime().block_on(async {
            let mut files = BTreeMap::new();
            for path in self.inner.list(usize::MAX).await.expect("memory") {
                let bytes = self.operator.read(&path).await.expect("memory").to_vec();
                files.insert(path, bytes);
            }
            files
        })
    }

    fn meet<'a, T: Send + 'a>(&'a self, name: String, task: Pending<'a, T>) -> Pending<'a, T> {
        Box::pin(async move {
            self.log.lock().expect("a log").push(name);
            let number = self.asked.fetch_add(1, Ordering::SeqCst);
            let fault = *self.fault.lock().expect("a fault");
            let cut = |is_passing| {
                let trouble = Trouble::passing(Kind::Unreachable, "the line is cut");
                Err(Trouble {
                    is_passing,
                    ..trouble
                })
            };
            match fault {
                Some((at, Fault::Dead)) if number >= at => cut(false),
                Some((at, Fault::DeadAfter)) if number > at => cut(false),
                Some((at, Fault::DeadAfter)) if number == at => task.await.and_then(|_| cut(false)),
                Some((at, Fault::Lost)) if number == at => task.await.and_then(|_| cut(true)),
                Some((at, Fault::Hiccup)) if number == at => cut(true),
                _ => task.await,
            }
        })
    }
}

impl Storage for Faulty {
    fn hands(&self) -> usize {
        3
    }

    fn prepare(&self) -> Pending<'_, ()> {
        self.meet("prepare".to_owned(), self.inner.prepare())
    }

    fn finish(&self) -> Pending<'_, ()> {
        self.meet("finish".to_owned(), self.inner.finish())
    }

    fn read<'a>(&'a self, path: &'a str) -> Pending<'a, Option<Found>> {
        self.meet(format!("read {path}"), self.inner.read(path))
    }

    fn has<'a>(&'a self, path: &'a str) -> Pending<'a, bool> {
        self.meet(format!("has {path}"), self.inner.has(path))
    }

    fn list(&self, most: usize) -> Pending<'_, Vec<String>> {
        self.meet("list".to_owned(), self.inner.list(most))
    }

    fn put<'a>(
        &'a self,
        path: &'a str,
        source: &'a Source,
        properties: &'a Properties,
        condition: &'a Condition,
    ) -> Pending<'a, Option<String>> {
        self.meet(
            format!("put {path}"),
            self.inner.put(path, source, properties, condition),
        )
    }

    fn delete<'a>(&'a self, path: &'a str) -> Pending<'a, ()> {
        self.meet(format!("delete {path}"), self.inner.delete(path))
    }

    fn delete_folder<'a>(&'a self, path: &'a str) -> Pending<'a, ()> {
        self.meet(format!("delete folder {path}"), self.inner.delete_folder(path))
    }

    fn lock<'a>(&'a self, text: &'a str) -> Pending<'a, bool> {
        self.meet("lock".to_owned(), self.inner.lock(text))
    }

    fn locked(&self) -> Pending<'_, Option<String>> {
        self.meet("look at the lock".to_owned(), self.inner.locked())
    }

    fn renew<'a>(&'a self, text: &'a str) -> Pending<'a, ()> {
        self.meet("renew".to_owned(), self.inner.renew(text))
    }

    fn unlock(&self) -> Pending<'_, ()> {
        self.meet("unlock".to_owned(), self.inner.unlock())
    }

    fn age_of_lock(&self) -> Pending<'_, Option<i64>> {
        let age = self.age.load(Ordering::SeqCst);
        self.meet(
            "age of the lock".to_owned(),
            Box::pin(async move { Ok(Some(age)) }),
        )
    }
}
