using Smxp.Plugins.Storage;
using Smxp.Protocol;

namespace Smxp.Plugins.Conformance.Storage;

/// <summary>A mailbox as the contract describes it, in memory and without any cleverness, for the property test to compare a store with.</summary>
internal sealed class MailboxModel
{
    private static readonly string[] Revisable = [EnvelopeType.Message, EnvelopeType.Edit, EnvelopeType.Delete];

    private readonly List<Row> _log = [];
    private readonly HashSet<string> _conversations = [];
    private readonly Dictionary<string, string> _merged = [];

    private IEnumerable<Row> Messages => _log.Where(static row => row.Kind == "message");

    public CommitOutcome Deliver(SignedEnvelope letter, Direction direction, out int updated)
    {
        updated = 0;
        Envelope envelope = letter.Envelope;
        if (envelope.Type == EnvelopeType.Receipt)
        {
            Row[] read = [.. Messages.Where(row => row.Direction == Direction.Out && row.Status < 2 && row.Envelope.To == envelope.From
                && row.Envelope.ConversationId == envelope.ConversationId && row.Envelope.Timestamp <= envelope.Timestamp)];
            foreach (Row row in read) row.Status = 2;
            updated = read.Length;
            _log.Add(new Row(envelope.Type, direction, envelope, Place(envelope)));
            return CommitOutcome.Stored;
        }

        if (_log.Any(row => Revisable.Contains(row.Kind) && row.Direction == direction && row.Envelope.Id == envelope.Id)) return CommitOutcome.Duplicate;
        bool revises = envelope.Type is EnvelopeType.Edit or EnvelopeType.Delete;
        Row[] targets = revises ? [.. Messages.Where(row => row.Envelope.Id == envelope.InReplyTo)] : [];
        if (targets.Any(row => row.Envelope.From != envelope.From || (row.Envelope.ConversationId != envelope.ConversationId && row.Conversation != envelope.ConversationId))) return CommitOutcome.NotAuthor;
        var added = new Row(envelope.Type, direction, envelope, Place(envelope));
        _log.Add(added);
        foreach (Row target in targets) Revise(target, envelope, _log.Count);
        if (revises) return CommitOutcome.Stored;
        for (int i = 0; i < _log.Count; i++)
        {
            Envelope waiting = _log[i].Envelope;
            if (_log[i].Kind is "edit" or "delete" && waiting.InReplyTo == envelope.Id && waiting.From == envelope.From && waiting.ConversationId == envelope.ConversationId)
                Revise(added, waiting, i + 1);
        }

        return CommitOutcome.Stored;
    }

    public int Mark(string conversation, int status)
    {
        string marked = Follow(conversation);
        Row[] raised = [.. Messages.Where(row => row.Direction == Direction.In && row.Conversation == marked && row.Status < status)];
        foreach (Row row in raised) row.Status = status;
        // A mark that changed something is an entry of the log.
        if (raised.Length > 0) _log.Add(new Row("read_status", Direction.In, raised[0].Envelope, marked));
        return raised.Length;
    }

    public (MoveOutcome Outcome, int Moved) Merge(string source, string target)
    {
        if (!_conversations.Contains(source) || !_conversations.Contains(target)) return (MoveOutcome.NotFound, 0);
        (source, target) = (Follow(source), Follow(target));
        if (source == target) return (MoveOutcome.Unchanged, 0);
        int moved = Messages.Count(row => row.Conversation == source);
        foreach (Row row in _log.Where(row => row.Conversation == source)) row.Conversation = target;
        _merged[source] = target;
        _log.Add(new Row("conversation", Direction.In, null!, target));
        return (MoveOutcome.Moved, moved);
    }

    public (MoveOutcome Outcome, int Moved) Split(IReadOnlyCollection<string> ids, string target)
    {
        if (!ids.All(id => Messages.Any(row => row.Envelope.Id == id))) return (MoveOutcome.NotFound, 0);
        Row[] copies = [.. Messages.Where(row => ids.Contains(row.Envelope.Id) && row.Conversation != target)];
        if (copies.Length == 0) return (MoveOutcome.Unchanged, 0);
        _conversations.Add(target);
        _merged.Remove(target);
        foreach (Row copy in copies)
        {
            string from = copy.Conversation;
            copy.Conversation = target;
            foreach (Row row in _log.Where(row => row.Kind is "edit" or "delete" && row.Conversation == from && row.Envelope.InReplyTo == copy.Envelope.Id)) row.Conversation = target;
        }

        _log.Add(new Row("conversation", Direction.In, null!, target));
        return (MoveOutcome.Moved, copies.Length);
    }

    /// <summary>What a reader sees of the letters, one line each.</summary>
    public IEnumerable<string> Lines() => _log.Where(static row => Kinds.Contains(row.Kind))
        .Select(static row => Line(row.Kind, row.Conversation, row.Direction, row.Envelope, row.Current, row.Deleted, row.Status));

    /// <summary>The kinds that <see cref="Lines"/> has.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Revisable, EnvelopeType.Receipt];

    public static string Line(string kind, string conversation, Direction direction, Envelope envelope, Envelope? current, bool deleted, int status) =>
        $"{kind} in {conversation} {direction} {envelope.Id} [{current?.Body}] {(deleted ? "deleted" : "")} {status}";

    public IEnumerable<(string Conversation, int Count)> Unread() => Messages
        .Where(static row => row.Direction == Direction.In && row.Status == 0)
        .GroupBy(static row => row.Conversation, static (conversation, rows) => (conversation, rows.Count()))
        .Order();

    /// <summary>Conversations, newest first: id, messages, unread, participants.</summary>
    public IEnumerable<(string Conversation, int Messages, int Unread, string Participants)> Conversations() => Messages.Reverse()
        .GroupBy(static row => row.Conversation)
        .Select(static group => (group.Key, group.Count(), group.Count(static row => row.Direction == Direction.In && row.Status == 0), Participants(group.Reverse())));

    private static string Participants(IEnumerable<Row> oldestFirst) =>
        string.Join(' ', oldestFirst.SelectMany(static row => new[] { row.Envelope.From, row.Envelope.To }).Distinct());

    private string Follow(string conversation)
    {
        while (_merged.TryGetValue(conversation, out string? next)) conversation = next;
        return conversation;
    }

    // What answers something that was moved goes where that is, if it names the conversation that names.
    private string Place(Envelope envelope)
    {
        string named = envelope.ConversationId;
        _conversations.Add(named);
        Row? answered = _log
            .Where(row => Revisable.Contains(row.Kind) && row.Envelope.Id == envelope.InReplyTo && row.Envelope.ConversationId == named && row.Conversation != named)
            .OrderBy(static row => Array.IndexOf(Revisable, row.Kind)).ThenBy(static row => row.Direction).FirstOrDefault();
        return answered?.Conversation ?? Follow(named);
    }

    private static void Revise(Row target, Envelope revision, int sequence)
    {
        if (target.Deleted || target.Current?.Id == revision.Id) return;
        if (revision.Type == EnvelopeType.Delete) target.Deleted = true;
        else if (target.Current is null || (revision.Timestamp, sequence).CompareTo((target.Current.Timestamp, target.CurrentSequence)) > 0)
            (target.Current, target.CurrentSequence) = (revision, sequence);
    }

    private sealed class Row(string kind, Direction direction, Envelope envelope, string conversation)
    {
        public string Kind => kind;

        public Direction Direction => direction;

        public Envelope Envelope => envelope;

        public string Conversation { get; set; } = conversation;

        public Envelope? Current { get; set; }

        public int CurrentSequence { get; set; }

        public bool Deleted { get; set; }

        public int Status { get; set; }
    }
}
