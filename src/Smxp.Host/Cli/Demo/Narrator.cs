namespace Smxp.Host.Cli.Demo;

/// <summary>Says what each step of the demo does and what was seen; a step that does not end in time ends the story.</summary>
internal sealed class Narrator(TextWriter output)
{
    private static readonly TimeSpan StepTime = TimeSpan.FromSeconds(20);

    private int _step;

    /// <summary>Runs one step.</summary>
    /// <param name="what">What is tried.</param>
    /// <param name="step">Tries it; answers what was seen beside the result.</param>
    /// <param name="cancellationToken">Ends the story.</param>
    /// <exception cref="StepFailedException">It was not seen.</exception>
    public async Task<T> StepAsync<T>(string what, Func<CancellationToken, Task<(T Result, string Seen)>> step, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync($"{++_step}. {what}");
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(StepTime);
        try
        {
            var (result, seen) = await step(deadline.Token);
            foreach (string line in seen.Split('\n')) await output.WriteLineAsync($"   {line}");
            return result;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StepFailedException(_step, $"not seen within {StepTime.TotalSeconds:0} s");
        }
        catch (Exception e) when (e is not (OperationCanceledException or StepFailedException))
        {
            throw new StepFailedException(_step, e.Message);
        }
    }

    public Task SayAsync(string line) => output.WriteLineAsync(line);
}

/// <summary>A step of the demo was not seen.</summary>
internal sealed class StepFailedException(int step, string why) : Exception($"Step {step} failed: {why}");
