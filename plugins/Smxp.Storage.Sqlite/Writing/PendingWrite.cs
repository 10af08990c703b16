using Smxp.Storage.Relational;

namespace Smxp.Storage.Sqlite.Writing;

/// <summary>A change that waits for the writer.</summary>
internal abstract class PendingWrite
{
    /// <summary>Whether its caller no longer wants it; asked before it is begun, not after.</summary>
    public abstract bool IsCancelled { get; }

    /// <summary>Makes the change; its result is kept until <see cref="Complete"/>.</summary>
    public abstract void Run(WriteTransaction transaction);

    /// <summary>Tells the caller, once the change is on stable storage.</summary>
    public abstract void Complete();

    /// <summary>Tells the caller that nothing was stored.</summary>
    public abstract void Fail(Exception failure);
}

/// <inheritdoc/>
internal sealed class PendingWrite<T>(Func<WriteTransaction, T> write, CancellationToken cancellationToken) : PendingWrite
{
    // Callers go on elsewhere: the writer's thread belongs to the database.
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T? _result;

    public Task<T> Task => _completion.Task;

    public override bool IsCancelled => cancellationToken.IsCancellationRequested && _completion.TrySetCanceled(cancellationToken);

    public override void Run(WriteTransaction transaction) => _result = write(transaction);

    public override void Complete() => _completion.TrySetResult(_result!);

    public override void Fail(Exception failure) => _completion.TrySetException(failure);
}
